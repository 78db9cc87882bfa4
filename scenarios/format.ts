// The scenario format: one for examples, lessons, incidents, exercises and the regression corpus. A scenario is plain
// JSON, pleasant to write by hand. What decides the trace (`run`) stands apart from what tells it (`open`, `tell`), so
// that rewording or translating moves no hash. What later issues add (hand-written logs, turns) is absent, and a
// file that uses it is told so.

import type {LoadName} from "../sim/workload/loads.ts";

/** Both languages. `{leader}` and the like are filled by the engine: the same in both (fill.ts lists them). */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** `250us` `150ms` `2s`: a whole number and its unit, at most an hour. A bare number is an error. */
export type Time = string;

/** `5ms` or `5ms..15ms`, both ends included. */
export type Times = string;

/** `n2` `c1` `leader` (of the highest term) `a follower` (drawn; with a vote) `others` (whom no other group names) `@old` (bound by let). */
export type Who = string;

/** `op:#lost` (an operation by its `as`) or `op:c1#4` (the client's fourth). */
export type OperationRef = string;

/** `entry:n1/6` (index 6 as in n1's log), or an operation: the entry that it proposed. */
export type EntryRef = string;

export interface Scenario {
  readonly $schema?: string;
  readonly format: 1;
  /** Lower case, digits and dashes. */
  readonly id: string;
  readonly group: "example" | "lesson" | "incident" | "exercise";
  readonly title: Text;
  readonly teaches: Text;
  /** Decides the trace. */
  readonly run: Run;
  /** Where the page begins to play. Decides nothing. Absent: at the beginning. */
  readonly open?: When;
  /** Decides nothing. */
  readonly tell?: readonly Beat[];
  /** Overlays: the run again without its fault, say, and what that must show. */
  readonly variants?: Readonly<Record<string, Variant>>;
  readonly minutes?: number;
  readonly sources?: readonly Source[];
}

export interface Variant {
  readonly run: Partial<Run>;
  readonly expect: readonly Expect[];
}

export interface Source {
  readonly title: string;
  readonly url?: string;
  readonly licence?: string;
}

// ---- run

export interface Run {
  readonly seed: string;
  /** `every seed`: tests run it with many, claims included. */
  readonly holds: "this seed" | "every seed";
  /** The run ends here, or fails at `limit`. */
  readonly until: When;
  readonly limit: Time;
  readonly config: Config;
  /** Bugs of the museum that members or clients have, by their names: `{"n2": ["vote-twice"]}`. */
  readonly bugs?: Readonly<Record<string, readonly string[]>>;
  /** Events that come out of time's order: after this event, that one. Of a run that was found, not thought up. */
  readonly choices?: readonly Choice[];
  readonly load?: readonly Load[];
  readonly steps: readonly Step[];
  readonly expect: readonly Expect[];
}

/** An event by its name: `n1→n3#17`. Of a run that was found; an edit elsewhere does not change it. */
export type EventName = string;

export interface Choice {
  readonly after: EventName;
  readonly take: EventName;
}

/** What is not said comes from the profile. */
export interface Config {
  /** Voters that the cluster begins with: n1, n2 … */
  readonly members: number;
  /** Learners that it begins with, named on from the voters. */
  readonly learners?: number;
  /** Servers of no cluster yet, named on from the learners: down until a step restarts them, with an empty disk. */
  readonly spares?: number;
  readonly clients?: number;
  readonly profile: "teaching" | "datacentre" | "wan" | "regions" | "etcd";
  readonly raft?: RaftSettings;
  readonly store?: StoreSettings;
  readonly network?: NetworkSettings;
  readonly disk?: DiskSettings;
  readonly clock?: ClockSettings;
  readonly client?: ClientSettings;
  /** Where actors pause, and may be made to crash; names are listed in core/server/io.ts. */
  readonly pausePoints?: readonly string[];
}

export interface RaftSettings {
  readonly electionTicks?: number;
  readonly heartbeatTicks?: number;
  readonly inflightMax?: number;
  readonly messageBytesMax?: number;
  /** Ask before campaigning. */
  readonly preVote?: boolean;
  /** A leader without a quorum steps down; nobody votes while it hears of a leader. */
  readonly checkQuorum?: boolean;
  /** Reads are answered without asking a quorum, trusting clocks: they can be stale. Needs checkQuorum. */
  readonly leaseReads?: boolean;
  /** Applied entries between two snapshots; 0: none. */
  readonly snapshotEvery?: number;
  /** Entries that the log keeps behind a snapshot. */
  readonly snapshotKeep?: number;
}

export interface StoreSettings {
  readonly watchChannelMax?: number;
  readonly watchSyncEvery?: Time;
  readonly requestTimeout?: Time;
  readonly readIndexRetry?: Time;
  readonly txnOpsMax?: number;
  readonly requestBytesMax?: number;
  /** Bytes of a segment of the log. */
  readonly walSegmentBytes?: number;
  /** Snapshot files that a member keeps. */
  readonly snapshotFilesMax?: number;
  /** Bytes of a page of the backend file. */
  readonly pageBytes?: number;
  /** Size of the backend file from which on puts are refused; 0: none. */
  readonly quotaBytes?: number;
  /** Between the first write and the commit to the backend file that takes it along. */
  readonly commitEvery?: Time;
  /** Writes that make a commit due at once. */
  readonly commitOpsMax?: number;
  /** Records that compaction deletes in one batch, and the rest between two. */
  readonly compactionBatch?: number;
  readonly compactionSleep?: Time;
  // What they mean stands in core/server/config.ts.
  readonly applyGapMax?: number;
  readonly watchVictimEvery?: Time;
  readonly watchSyncWatchersMax?: number;
  readonly watchBatchRevisionsMax?: number;
  readonly progressNotifyEvery?: Time;
  readonly leaseCheckEvery?: Time;
  readonly leaseRevokesMax?: number;
  readonly leaseRevokesPending?: number;
  readonly leaseCheckpointEvery?: Time;
  readonly strictReconfig?: boolean;
  readonly healthInterval?: Time;
  readonly autoCompactEvery?: Time;
  readonly autoCompactRevisions?: number;
  readonly corruptCheckEvery?: Time;
  readonly compactHashCheckEvery?: Time;
  readonly initialCorruptCheck?: boolean;
  readonly authTokenTtl?: Time;
}

export interface NetworkSettings {
  readonly peerLatency?: Times;
  readonly clientLatency?: Times;
  /** Lost messages per million, between members. */
  readonly lossPerMillion?: number;
  readonly reorder?: boolean;
  readonly regions?: RegionSettings;
}

/** Who is in no region is put into one, in the order of the table. */
export interface RegionSettings {
  /** `{"n1": "east", "c1": "west"}` */
  readonly of?: Readonly<Record<string, string>>;
  /** One way, between two regions or within one: `{"east": {"east": "1ms", "west": "60ms..70ms"}}`; either direction will do. */
  readonly latency: Readonly<Record<string, Readonly<Record<string, Times>>>>;
}

/** How a link is treated; what each means stands in sim/network/quality.ts. */
export interface LinkSettings {
  readonly latency?: Times;
  readonly lossPerMillion?: number;
  readonly duplicatePerMillion?: number;
  readonly reorderPerMillion?: number;
  readonly bytesPerSecond?: number;
  readonly queueBytes?: number;
}

/** Of a restart: other flags, another version (names of bugs; none is the sound one). */
export interface RestartSettings {
  readonly versions?: readonly string[];
  readonly raft?: RaftSettings;
  readonly store?: StoreSettings;
}

export interface DiskSettings {
  readonly write?: Times;
  readonly sync?: Times;
}

export interface ClockSettings {
  readonly tick?: Time;
  readonly apply?: Times;
}

export interface ClientSettings {
  readonly requestTimeout?: Time;
}

export type Load = LoopLoad | NamedLoad;

/** A load with a name (sim/workload/loads.ts): a table of questions, drawn from the seed. */
export interface NamedLoad {
  readonly load: LoadName;
  /** Who asks. Absent: all clients. */
  readonly by?: Who | readonly Who[];
  /** The member that is asked. Absent: whichever a client talks to. */
  readonly to?: Who;
  /** How many keys, accounts, lists. */
  readonly keys?: number;
  /** Between an answer and the next question. */
  readonly think?: Times;
  /** Instead: between one question and the next, whatever is answered, while no more than `waiting` of a client's are not (8). */
  readonly every?: Times;
  readonly waiting?: number;
  /** Questions of each client. */
  readonly most?: number;
  readonly from?: When;
  readonly until?: When;
}

/** One client asks `ops` in turn, again and again, the next when the one before was answered and `rest` has passed. `{n}` counts from 1. */
export interface LoopLoad {
  readonly load: "loop";
  readonly by: Who;
  readonly ops: readonly string[];
  readonly rest?: Time;
  readonly from?: When;
  readonly until?: When;
}

/**
 * Armed in order: a step arms when the one before it has fired. It fires when `at` has come, `when` is true (tested after
 * every event; already true counts) and `after` has passed since. Symbols resolve at that moment and are recorded
 * resolved; a choice draws from the stream `scenario/<id>`. A step that never fired before the limit fails the run.
 */
export type Step = Trigger & StepAction;

export interface Trigger {
  /** Absent: `step3` for the third. */
  readonly id?: string;
  readonly at?: Time;
  readonly when?: When;
  readonly after?: Time;
  /**
   * Its number among the interventions, which its event is called by: `script#17`, or `script/c1#17` for what c1 asks. Of a run
   * that was found. Absent: the least that is free.
   */
  readonly number?: number;
  /** Binds names in this order, before the step's own symbols: `{"old": "leader"}` is `@old` from here on. */
  readonly let?: Readonly<Record<string, Who>>;
}

/** What goes wrong with a disk; what each means stands in sim/disk/fault.ts. `*.wal` is the last file whose name ends so. */
export type FaultStep =
  | {readonly fault: "loseUnsynced" | "tearUnsynced" | "loseNames"; readonly on: Who}
  | {readonly fault: "slow"; readonly on: Who; readonly factor: number}
  | {readonly fault: "stall"; readonly on: Who; readonly for: Time}
  | {readonly fault: "full"; readonly on: Who; readonly room?: number}
  | {
      readonly fault: "syncFails";
      readonly on: Who;
      readonly file?: string;
      readonly keeps?: "nothing" | "half";
    }
  | {
      readonly fault: "rot";
      readonly on: Who;
      readonly file: string;
      readonly sector?: number;
      readonly bit?: number;
    }
  | {readonly fault: "unreadable"; readonly on: Who; readonly file: string; readonly sector?: number}
  | {
      readonly fault: "misdirect";
      readonly on: Who;
      readonly file: string;
      readonly into?: string;
      readonly sector?: number;
    }
  | {readonly fault: "syncedLost"; readonly on: Who; readonly file: string; readonly syncs?: number}
  | {readonly fault: "syncLies" | "backup" | "olderDisk" | "wipe" | "mend"; readonly on: Who};

/** What each does to the world stands in sim/action.ts. */
export type WorldStep =
  | {
      readonly link: readonly [Who, Who];
      readonly set: LinkSettings | "as configured";
      readonly oneWay?: true;
    }
  | {readonly connection: readonly [Who, Who]; readonly do: "reset" | "refuse" | "accept"}
  /** At a pause point, one that the configuration lists. */
  | {readonly crashAt: string; readonly on: Who; readonly nth?: number}
  | {
      readonly crashAtDisk: "before" | "after";
      readonly on: Who;
      readonly nth?: number;
      readonly what?: "write" | "allocate" | "truncate" | "sync" | "unlink" | "rename" | "syncDir";
    }
  /** An actor. */
  | {readonly slow: string; readonly on: Who; readonly factor: number}
  | {readonly restart: Who; readonly with?: RestartSettings};

export type StepAction =
  | {readonly split: readonly (readonly Who[])[]}
  | {readonly cut: readonly [Who, Who]; readonly oneWay?: true}
  | {readonly heal: "all" | readonly [Who, Who]}
  | WorldStep
  | {readonly crash: Who}
  | {readonly pause: Who}
  | {readonly resume: Who}
  /** Micros of a member's or client's clock per second of true time, from now on. */
  | {readonly clock: Who; readonly rate: number}
  /** The clock jumps ahead. */
  | {readonly jump: Who; readonly forward: Time}
  | {readonly timeout: Who}
  | {readonly loss: number}
  | FaultStep
  | {readonly message: Match | EventName; readonly do: MessageDeed}
  /**
   * A standing rule: as long as `while` is true, whatever matches is lost, or held; what was held is let go on at the end. Only
   * messages between members can be held.
   */
  | {readonly message: Match; readonly do: "drop" | "hold"; readonly while: When}
  /** The `draw`-th draw of a stream of luck, counted from the beginning, is this value. Of a run that was found. */
  | {readonly pin: string; readonly draw: number; readonly value: number}
  /** An etcdctl line; `as` names the operation, `to` pins the member that is asked. In `member …` and `move-leader`, `@old` stands for whom it names. */
  | {readonly client: Who; readonly op: string; readonly as?: string; readonly to?: Who}
  /** Does nothing: names a moment, and binds. */
  | {readonly wait: true};

export type MessageDeed = "drop" | "duplicate" | "hold" | "release" | {readonly delay: Time};

/** Messages between members by their kind (`AppendEntries`), and clients' `request` and `response`. */
export interface Match {
  readonly from?: Who;
  readonly to?: Who;
  readonly kind?: string;
  readonly term?: number;
  /** Which of those that match, counted from 1; absent: the first. */
  readonly nth?: number;
}

// ---- facts

/** Something that is true of the world or not, after an event. Triggers, claims and telling share them. */
export type When =
  | Fact
  | {readonly not: When}
  | {readonly all: readonly When[]}
  | {readonly any: readonly When[]}
  /** `then` was true after `first` was, at the latest `within` later. Once true, it stays. */
  | {readonly first: When; readonly then: When; readonly within?: Time}
  /** It was true after every event since the step `since` fired (or since this is looked at). */
  | {readonly always: When; readonly since?: string};

/** Each kind's meaning stands in fact.ts, with its words. */
export type Fact =
  | {readonly leader: Who | "none"; readonly term?: number}
  | {
      readonly role: Who;
      readonly is: "follower" | "preCandidate" | "candidate" | "leader" | "paused" | "crashed";
    }
  | {readonly term: Who; readonly atLeast: number}
  | {readonly ahead: Who; readonly of: Who}
  | {readonly member: Who; readonly is: "voter" | "learner" | "none"; readonly at?: Who}
  | {readonly configuration: Who; readonly is: "joint" | "simple"}
  | {readonly transfer: Who | "none"}
  | {readonly snapshot: Who; readonly received?: true; readonly atLeast?: number}
  | {readonly progress: Who; readonly is: "probe" | "replicate" | "snapshot"}
  | {readonly delivered: Match}
  | {readonly sent: Match}
  | {readonly happened: EventName}
  | {
      readonly op: OperationRef;
      readonly is: "sent" | "done" | "failed" | "unknown";
      readonly error?: string;
      readonly answer?: string | null;
    }
  | {
      readonly entry: EntryRef;
      readonly in:
        | Who
        | "every log"
        | "no log"
        | "a majority"
        | "a majority of the old"
        | "a majority of the new";
      readonly committed?: boolean;
    }
  | {readonly key: string; readonly at?: Who; readonly rev?: number; readonly value: string | null}
  | {readonly revision: Who; readonly is: number}
  | {
      readonly watcher: OperationRef;
      readonly got?: number;
      readonly saw?: string;
      readonly state?: "open" | "cancelled";
    }
  | {
      readonly recipe: OperationRef;
      readonly is: "asked" | "waits" | "holds" | "lost" | "done" | "failed";
      readonly read?: number;
      readonly wrote?: number;
      readonly refused?: true;
    }
  | {readonly alarm: Who | "none"; readonly at?: Who}
  | {readonly check: string; readonly is: "held" | "violated"}
  | {readonly quiet: Time}
  | {readonly step: string};

/** A claim, tested when `at` becomes true, or at the end. False, or `at` never reached: the run fails and names `id`. */
export interface Expect {
  readonly id: string;
  readonly claim: When;
  readonly at?: "end" | When;
  readonly says: Text;
}

// ---- tell

/** What is said or asked from some moment on, until the next beat's. */
export type Beat = BeatHead & ({readonly say: readonly Sentence[]} | {readonly ask: Ask});

export interface BeatHead {
  readonly id: string;
  readonly at: "start" | "end" | When;
  readonly show?: Show;
}

/** Every sentence is backed: by an expectation's id or a fact, by the glossary word that it defines, or it is an aside. */
export type Sentence = Text &
  ({readonly claim: string | When} | {readonly defines: string} | {readonly aside: true});

export interface Ask {
  readonly text: Text;
  /** Hidden until answered. */
  readonly veil: readonly ("tape" | "verdict")[];
  /** The run goes on to here, then the answer is told. */
  readonly until: When;
  readonly how: "one";
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly text: Text;
  /** Evaluated at `until`, never stated. */
  readonly right: When;
  readonly because: Text;
  readonly misconception?: string;
}

export interface Show {
  /** Things to point at: `n2`, `@old`, `op:#lost`, `key:x`. */
  readonly focus?: readonly string[];
  readonly pause?: true;
  /** Simulated time per second of play. */
  readonly speed?: Time;
  readonly notes?: Text;
}
