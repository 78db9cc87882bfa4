import {describe, expect, it} from "vitest";
import {expectAgreement, outcomeOfText} from "./agreement.ts";

const script = `# a comment
add-nodes 1 voters=(1) index=2
----
INFO 1 switched to configuration voters=(1)
INFO 1 became follower at term 0
INFO newRaft 1 [peers: [1], term: 0, commit: 2, applied: 2, lastindex: 2, lastterm: 1]

campaign 1
----
INFO 1 is starting a new election at term 0
INFO 1 became candidate at term 1

propose 1 a
----
INFO 1 no leader at term 1; dropping proposal
raft proposal dropped

process-ready 1
----
Ready MustSync=true:
Lead:0 State:StateCandidate
HardState Term:1 Vote:1 Commit:2
INFO 1 received MsgVoteResp from 1 at term 1
INFO 1 has received 1 MsgVoteResp votes and 0 vote rejections
INFO 1 became leader at term 1
`;

function changed(from: string, to: string): string {
  expect(script).toContain(from);
  return script.replace(from, to);
}

describe("what a script and its run agree on", () => {
  it("is all of it, or not", () => {
    expectAgreement(script);
  });

  it("is its meaning, where only a logger line differs", () => {
    const {strict, semantic} = outcomeOfText(changed("became leader at term 1", "became leader at term 2"));
    expect(semantic).toBeUndefined();
    expect(strict).toMatchObject({line: 18, directive: "process-ready 1"});
    expect(strict?.expected).toContain("INFO 1 became leader at term 2\n");
    expect(strict?.actual).toContain("INFO 1 became leader at term 1\n");
  });

  it("is nothing, where one character of anything else differs", () => {
    const {strict, semantic} = outcomeOfText(changed("Commit:2\n", "Commit:3\n"));
    expect(semantic).toMatchObject({line: 18, directive: "process-ready 1"});
    expect(strict).toEqual(semantic);
  });

  it("is looked for beyond the first logger line that differs", () => {
    const text = changed("became candidate at term 1", "became candidate at term 2");
    const {strict, semantic} = outcomeOfText(text.replace("proposal dropped\n\n", "proposal taken\n\n"));
    expect(strict).toMatchObject({line: 8, directive: "campaign 1"});
    expect(semantic).toMatchObject({line: 13, directive: "propose 1 a"});
  });

  it("means the same for logger lines, for ok and for nothing", () => {
    const text = changed(
      "INFO 1 is starting a new election at term 0\nINFO 1 became candidate at term 1\n",
      "ok\n",
    );
    expect(outcomeOfText(text)).toMatchObject({strict: {line: 8}, semantic: undefined});
    expect(outcomeOfText(text.replace("campaign 1\n----\nok\n", "campaign 1\n----\n"))).toMatchObject({
      strict: {line: 8},
      semantic: undefined,
    });
  });

  it("is nothing without the last line feed's line", () => {
    expect(outcomeOfText(changed("Lead:0 State:StateCandidate\n", ""))).toMatchObject({semantic: {line: 18}});
    expect(outcomeOfText(`${script}more\n`)).toMatchObject({semantic: {line: 18}});
  });
});
