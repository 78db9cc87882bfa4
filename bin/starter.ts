// What `etcdscope new` writes: a scenario that runs, with a word on every part. Comments are allowed in scenario files.

/** The file's text; `id` is made from its name. */
export function starter(id: string): string {
  return `{
  "format": 1,
  "id": ${JSON.stringify(id)},
  // example, lesson, incident or exercise.
  "group": "example",
  "title": {"en": "My scenario", "zh": "我的场景"},
  "teaches": {"en": "What happens when a follower crashes", "zh": "跟随者崩溃时会发生什么"},

  // What decides the run. The same seed gives the same run, event by event.
  "run": {
    "seed": "1",
    // Claims hold for "this seed" only, or for "every seed".
    "holds": "every seed",
    // The run ends when all steps were taken and this is true. It fails if that is not before the limit.
    "until": {"op": "op:#read", "is": "done"},
    "limit": "20s",
    // What is not said comes from the profile: teaching (slow), datacentre, wan, regions or etcd. Besides "members", which vote, there may
    // be "learners", and "spares" (down until a step restarts them); "raft" takes "preVote", "checkQuorum", "leaseReads", "snapshotEvery" …
    "config": {"members": 3, "clients": 1, "profile": "teaching"},

    // One after the other. A step waits for "at" (a time), "when" (a fact) and "after" (a pause after these).
    "steps": [
      // "let" gives names to whoever is meant at that moment.
      {"id": "elected", "when": {"not": {"leader": "none"}}, "after": "60ms", "let": {"leads": "leader", "other": "a follower"}, "wait": true},
      // Disks may fail: "etcdscope schema --facts" lists the faults, last. This one tears what was not synced, at the crash:
      // {"fault": "tearUnsynced", "on": "@other"},
      {"id": "crash", "crash": "@other"},
      // Clients speak etcdctl ("member add n4 --learner" and "move-leader @other" too). "as" names the operation: op:#write.
      {"id": "write", "client": "c1", "op": "put x 1", "as": "write", "to": "@leads"},
      {"id": "restart", "when": {"op": "op:#write", "is": "done"}, "after": "50ms", "restart": "@other"},
      {"id": "read", "when": {"key": "x", "at": "@other", "value": "1"}, "client": "c1", "op": "get x", "as": "read", "to": "@other"}
    ],

    // What must be so at the end (or "at" a fact). "etcdscope schema --facts" lists all facts.
    "expect": [
      {
        "id": "caught-up",
        "claim": {"entry": "op:#write", "in": "every log", "committed": true},
        "says": {"en": "{@other} has the write it missed", "zh": "{@other} 有了它错过的写入"}
      }
    ]
  },

  // What is told beside the run; decides nothing.
  "tell": [
    {
      "id": "crashed",
      "at": {"step": "crash"},
      "say": [{"en": "{@other} is down; {@leads} leads on.", "zh": "{@other} 停机；{@leads} 继续领导。", "claim": {"leader": "@leads"}}]
    }
  ]
}
`;
}
