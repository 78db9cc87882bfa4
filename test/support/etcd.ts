// A real etcd beside ours: members on free ports of the loopback, with a fresh data directory each, in memory where the
// system has such a place. Tests that need it say so when it is not installed, and are left out.

import type {ChildProcess} from "node:child_process";
import {spawn, spawnSync} from "node:child_process";
import {accessSync, constants, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createServer} from "node:net";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {Live} from "../../bin/live/live.ts";

export interface Etcd {
  /** host:port of each member. */
  readonly targets: readonly string[];
  /** Kills a member, and starts it again with the data it has. */
  kill(member: number): Promise<void>;
  restart(member: number): Promise<void>;
  /** Stops every member that was started here, and takes its data away. */
  stop(): Promise<void>;
}

/** The installed etcd's version; undefined, and one line about it, if there is none. */
export function etcdVersion(): string | undefined {
  const {stdout} = spawnSync("etcd", ["--version"], {encoding: "utf8"});
  const version = /^etcd Version: (\S+)/m.exec(stdout ?? "")?.[1];
  if (version === undefined)
    console.info(
      "left out: tests that need a real etcd, which is not installed (.ci/run installs etcd-server)",
    );
  return version;
}

interface Member {
  readonly name: string;
  readonly client: number;
  readonly args: readonly string[];
  readonly log: string[];
  process: ChildProcess;
}

/** Starts 1 or 3 members and waits until they serve. */
export async function startEtcd(size: 1 | 3 = 1): Promise<Etcd> {
  const folder = mkdtempSync(join(memoryFolder(), "etcdscope-"));
  // A port that was free when asked may be taken when used: then all is tried again, with others.
  for (let tries = 1; ; tries++) {
    const members = await launch(folder, size, tries);
    try {
      await Promise.all(members.map(serving));
      return controlled(members, folder);
    } catch (error) {
      await Promise.all(members.map(halt));
      if (tries < 3) continue;
      rmSync(folder, {recursive: true, force: true});
      throw error;
    }
  }
}

async function launch(folder: string, size: number, tries: number): Promise<readonly Member[]> {
  const ports = await freePorts(2 * size);
  const names = Array.from({length: size}, (_, i) => `n${i + 1}`);
  const [client, peer] = [(i: number) => ports[i] ?? 0, (i: number) => ports[size + i] ?? 0];
  const cluster = names.map((name, i) => `${name}=${url(peer(i))}`).join(",");
  return names.map((name, i) => {
    const args = Object.entries({
      name,
      "data-dir": join(folder, `${tries}`, name),
      "listen-client-urls": url(client(i)),
      "advertise-client-urls": url(client(i)),
      "listen-peer-urls": url(peer(i)),
      "initial-advertise-peer-urls": url(peer(i)),
      "initial-cluster": cluster,
      "initial-cluster-token": folder,
      logger: "zap",
      "log-outputs": "stderr",
    }).flatMap(([option, value]) => [`--${option}`, value]);
    return started({name, client: client(i), args, log: []});
  });
}

function started(member: Omit<Member, "process">): Member {
  // Settings in this process's environment must not reach it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ETCD_")));
  const child = spawn("etcd", member.args, {stdio: ["ignore", "ignore", "pipe"], env});
  child.stderr?.on("data", (piece: Buffer) => {
    member.log.push(piece.toString());
    if (member.log.length > 50) member.log.shift();
  });
  child.on("error", (error) => member.log.push(String(error)));
  // Whoever ends without stopping it leaves none behind.
  const killed = (): void => void child.kill("SIGKILL");
  process.once("exit", killed);
  child.once("exit", () => process.off("exit", killed));
  return Object.assign(member, {process: child});
}

/** Waits until the member answers with the name and address that this one was given, and its own process lives. */
async function serving(member: Member): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (member.process.exitCode !== null || member.process.pid === undefined) break;
    if (await answers(member)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`etcd ${member.name} does not serve on port ${member.client}:\n${member.log.join("")}`);
}

async function answers(member: Member): Promise<boolean> {
  try {
    const live = await Live.connect([`127.0.0.1:${member.client}`], {requestTimeout: 500_000});
    try {
      const {header} = await live.call({kind: "range", key: "\0"});
      const {result} = await live.call({kind: "memberList"});
      if (result.kind !== "members" || !owns(member)) return false;
      const self = result.members.find((one) => one.member === header.memberId);
      return self?.name === member.name && self.clientUrls.includes(url(member.client));
    } finally {
      live.close();
    }
  } catch {
    return false;
  }
}

/** Whether the process that was started here is the one with our arguments. */
function owns({process: {pid, exitCode}, args}: Member): boolean {
  if (pid === undefined || exitCode !== null) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(1, -1).join(" ") === args.join(" ");
  } catch {
    // No /proc on this system: that it lives has to do.
    return true;
  }
}

function controlled(members: readonly Member[], folder: string): Etcd {
  const member = (number: number): Member => {
    const found = members[number - 1];
    if (found === undefined) throw new Error(`there is no member ${number}`);
    return found;
  };
  return {
    targets: members.map(({client}) => `127.0.0.1:${client}`),
    kill: (number) => halt(member(number)),
    async restart(number) {
      await serving(started(member(number)));
    },
    async stop() {
      await Promise.all(members.map(halt));
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

async function halt({process: child}: Member): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** A folder in memory, where syncs cost nothing; else the one for temporary files. */
function memoryFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

/** All held at once, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({length: count}, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function url(port: number): string {
  return `http://127.0.0.1:${port}`;
}
