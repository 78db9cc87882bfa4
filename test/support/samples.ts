// What a real etcdctl printed, as it was recorded: `$ etcdctl …`, its output, `[exit N]`. `### …` begins a section.

export interface Sample {
  readonly section: string;
  /** As given to etcdctl, without its name; a transaction's own lines follow the first. */
  readonly lines: readonly string[];
  /** What was done while it was open. */
  readonly meanwhile: readonly string[];
  /** Both streams. */
  readonly output: string;
  /** 124: it was still open when it was stopped. Undefined: nobody recorded what it printed. */
  readonly exit: number | undefined;
}

export function readSamples(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  let section = "";
  for (const block of text.split(/\n(?=\$ |### )/)) {
    const [first = "", ...rest] = block.split("\n");
    if (first.startsWith("### ")) section = first.slice(4);
    const sample = first.startsWith("$ ") ? readSample(section, first.slice(2), rest) : undefined;
    if (sample !== undefined) samples.push(sample);
  }
  return samples;
}

/** Commands whose output was not kept, and what they did all the same. */
const unkept: readonly (readonly [RegExp, string])[] = [
  [/^etcdctl put foo bar-pb -w protobuf/, "put foo bar-pb"],
  [/^txn -i/, "txn : put t v5 :"],
  [/^watch with exec/, "put w exec"],
  [/^watch -i:/, "put w i1"],
];

function readSample(section: string, command: string, rest: readonly string[]): Sample | undefined {
  const did = unkept.find(([pattern]) => pattern.test(command))?.[1];
  if (did !== undefined) return {section, lines: [did], meanwhile: [], output: "", exit: undefined};
  const end = rest.findIndex((line) => /^\[exit \d+\]$/.test(line));
  if (end < 0) return undefined;
  const exit = Number(/\d+/.exec(rest[end] ?? "")?.[0]);
  const output = rest
    .slice(0, end)
    // 3.4's own log.
    .filter((line) => !line.startsWith('{"level":'))
    .map((line) => `${line}\n`)
    .join("");
  const said = /\(meanwhile: (.*)\)$/.exec(command)?.[1];
  const meanwhile = /watch w\b/.test(command) ? (said ?? "put w 1; put w 2; del w").split("; ") : [];
  const lines = linesOf(command.replace(/\s+\((?:meanwhile|history|compacted).*\)$/, ""));
  return lines === undefined ? undefined : {section, lines, meanwhile, output, exit};
}

function linesOf(command: string): readonly string[] | undefined {
  const [, typed = "", flags] = /^printf '(.*)' \| etcdctl txn(.*)$/.exec(command) ?? [];
  if (flags !== undefined) {
    const lines = typed.split(String.raw`\n`);
    return [`txn${flags}`, ...lines.slice(0, -1)];
  }
  const plain = /^(?:timeout [\d.]+ )?etcdctl (.*)$/.exec(command)?.[1];
  if (plain === undefined || /\|| -- /.test(plain)) return undefined;
  // The one value that is no text; members by our names.
  const ours = plain
    .replace("26a0f60a163024c8", "n4")
    .replace("d74abf4bd794c71a", "n5")
    .replace("b71f75320dc06a6c", "n1")
    .replace("member update 1", "member update n9");
  return [ours.replace("v\u0001\uFFFD", () => String.raw`"v\x01\xff"`)];
}

/** Without what differs from one cluster to another: ids, addresses, times; and what 3.4 wrote otherwise. */
export function masked(output: string): string {
  return (
    output
      .replaceAll(/"(cluster_id|member_id|raft_term|leader)":\d+/g, '"$1":N')
      .replaceAll(/"(ClusterID|MemberID|RaftTerm|Leader)" : \d+/g, '"$1" : N')
      .replaceAll(/"ID":(\d+)/g, '"ID":N')
      .replaceAll(/"(ID|Lease)" : [1-9]\d*/g, '"$1" : N')
      .replaceAll(/"(id|lease)":\d+/g, '"$1":N')
      .replaceAll('"Revision" : 0\n', "")
      .replaceAll(/"Response(Range|Put|Txn)":/g, (_, name: string) => `"response_${name.toLowerCase()}":`)
      .replaceAll('"ResponseDeleteRange":', '"response_delete_range":')
      .replaceAll(/(?:http:\/\/)?(?:127\.0\.0\.1|n\d):\d+/g, "HOST")
      .replaceAll(/\b[0-9a-f]{15,16}\b/g, "ID")
      .replaceAll(/Member +[1-9] (added|removed)(.*)cluster +[0-9a-f]+$/gm, "Member ID $1$2cluster  ID")
      .replaceAll(/remaining\(\d+s\)/g, "remaining(Ns)")
      .replaceAll(/"ttl":1\d\d|"TTL" : 119/g, "TTL")
      .replaceAll(/^[1-9], /gm, "ID, ")
      .replaceAll(/^\| +[1-9] \|/gm, "| ID |")
      .replaceAll(/\b\d+(?:\.\d+)?(?:ms|µs)/g, "TIME")
      .replaceAll(/(member\[HOST\])\. took .*$/gm, "$1")
      // Tables are as wide as what stands in them.
      .replaceAll(/^\|.*\|$|^\+-.*\+$/gm, (row) => row.replaceAll(/-+/g, "-").replaceAll(/ +/g, " "))
  );
}
