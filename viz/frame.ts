// View data: what the page shows of one moment, as plain data, made in the worker by viz/model and laid out by
// viz/layout. A frame holds from its event to the next; what moves in between carries its times, so that the page draws
// any moment without asking. Its size depends on what is visible, not on the length of the run.

import type {Micros} from "../core/base/quantity.ts";
import type {Ref} from "../core/base/ref.ts";
import type {Said} from "../core/base/said.ts";

/** State shown is after `event`; only positions in flight use `time`. */
export interface Cursor {
  readonly branch: string;
  /** "" is the beginning. */
  readonly event: string;
  readonly step: number;
  readonly time: Micros;
}

/** What part of the run the page wants to see. Inclusive, clipped by the model. */
export interface Windows {
  readonly log: {readonly from: number; readonly count: number} | "follow";
  readonly revisions: {readonly from: number; readonly count: number} | "follow";
  readonly keys: {readonly from: number; readonly count: number};
  readonly events: {readonly before: number; readonly after: number};
  /** About how many marks fit on each of the tape's lanes: closer neighbours are merged. Clients share theirs. */
  readonly tapeMarks: number;
  /** Columns that fit, for "follow". */
  readonly logColumns: number;
  readonly revisionColumns: number;
  /** Whose store the key grid shows, and whose disk: "leader" or a member's name. */
  readonly seenBy: string;
  /** Only while the disk is to be seen. */
  readonly disk?: DiskWindow;
  /** Only while the console is to be seen. */
  readonly console?: true;
}

/** How much of a member's disk fits. */
export interface DiskWindow {
  /** Records of the log, the newest. */
  readonly records: number;
  /** Leaves of the tree. */
  readonly leaves: number;
  /** Squares in the row of all pages. */
  readonly pages: number;
  /** Records of one page, in words. */
  readonly rows: number;
  /** Whose way through the disk is shown: `key:x`, `rev:5.0`; anything else, or undefined: the key that changed last. */
  readonly of: Ref | undefined;
}

export interface Frame {
  readonly cursor: Cursor;
  /** Time of the event that the frame is after, and of the next one; undefined at the end of the run. */
  readonly at: Micros;
  readonly until: Micros | undefined;
  /** Nothing more happens: the limit is reached or the scenario is over. */
  readonly ended: boolean;
  readonly head: HeadView;
  readonly caption: CaptionView;
  readonly ring: RingView;
  readonly log: LogView;
  readonly grid: GridView;
  readonly watchers: readonly WatcherView[];
  readonly events: EventsView;
  readonly tape: TapeView;
  readonly checks: readonly CheckView[];
  /** Only if it was asked for. */
  readonly disk?: DiskView;
  readonly console?: ConsoleView;
}

/** The console as of the cursor. */
export interface ConsoleView {
  /** Oldest first, the newest only. */
  readonly lines: readonly ConsoleLine[];
  /** What was typed and stays open: watches, locks, keep-alives. */
  readonly open: readonly {readonly client: string; readonly line: string}[];
}

export interface ConsoleLine {
  /** The event after which it stands there. */
  readonly step: number;
  /** A line that was typed, one more of the same transaction, and what etcdctl prints. */
  readonly kind: "typed" | "more" | "out" | "err";
  /** Without the last line end; may hold several lines. */
  readonly text: string;
}

export interface HeadView {
  readonly scenario: string;
  readonly title: Said;
  readonly about: AboutView;
  readonly seed: string;
  readonly branches: readonly {
    readonly id: string;
    readonly parent: string | undefined;
    readonly forkStep: number;
    readonly said: Said;
  }[];
  /** Of the checks as of the cursor. */
  readonly verdict: "holds" | "violated" | "unknown";
  /** 16 hex digits: the hash chain at the cursor, equal in every engine that ran to here. */
  readonly chain: string;
}

/** What the scenario says of itself, and what it offers besides this run. */
export interface AboutView {
  readonly teaches: Worded;
  readonly sources: readonly {readonly title: string; readonly url?: string}[];
  /** The overlay that runs; absent: none does. */
  readonly variant?: string;
  /** All overlays, by name. */
  readonly variants: readonly string[];
}

/** "What happens now" and "what to look at". Never empty. A scenario's beat wins over the engine's own sentence. */
export interface CaptionView {
  readonly now: Worded;
  readonly look: Worded;
  readonly beat?: BeatView;
  /** What an unanswered question hides. The frame does not contain it either: nothing after the cursor, no verdict. */
  readonly veil?: readonly ("tape" | "verdict")[];
  /** What the scenario points at. */
  readonly focus?: readonly Ref[];
  /** How a question that was answered before came out, for as long as that is news. */
  readonly answer?: AnswerView;
}

export interface AnswerView {
  readonly beat: string;
  readonly given: Worded;
  readonly right: boolean;
  /** Why the given answer is right or wrong. */
  readonly because: Worded;
  /** The right one. */
  readonly solution?: Worded;
}

/** Either from a catalogue, or a scenario's own words, filled by the engine. */
export type Worded = {readonly said: Said} | {readonly text: {readonly en: string; readonly zh: string}};

export interface BeatView {
  readonly id: string;
  /** The step at which it began: a page that plays stops there, if `show.pause` or a question wants it. */
  readonly step?: number;
  /** `speed`: simulated time per second of play. */
  readonly show?: {readonly pause?: boolean; readonly speed?: Micros; readonly notes?: Worded};
  readonly kind: "say" | "ask";
  /** For ask. Whether an answer is right is told only after one was given. */
  readonly answers?: readonly {readonly text: Worded; readonly because?: Worded; readonly right?: boolean}[];
  readonly answered?: number;
}

export interface RingView {
  readonly members: readonly MemberMark[];
  /** Who decides, as the leader sees it; while nobody leads, as the one sees it that has applied most. */
  readonly configuration: ConfigurationView;
  /** Leaders that are handing over, and to whom. */
  readonly transfers: readonly {readonly from: string; readonly to: string}[];
  readonly clients: readonly ClientMark[];
  readonly flights: readonly FlightMark[];
  /** Groups of the split in force (names); empty when there is none. */
  readonly groups: readonly (readonly string[])[];
  /** Directed links that are cut, apart from the split. */
  readonly cuts: readonly {readonly from: string; readonly to: string}[];
  /** Directed links of which something was set by itself, between members and with clients, and what. */
  readonly bad: readonly BadLink[];
  /** Members that end what a client asks of them. */
  readonly refusals: readonly {readonly client: string; readonly member: string}[];
}

export interface BadLink {
  readonly from: string;
  readonly to: string;
  readonly how: Said;
}

export type RoleName = "follower" | "preCandidate" | "candidate" | "leader";

/** Who is in the cluster, and who decides. All names ascending. */
export interface ConfigurationView {
  /** Whose it is; "" when nobody has one. */
  readonly seenBy: string;
  /** Who votes; in a joint configuration its new half. */
  readonly voters: readonly string[];
  /** The old half, that must agree too while the configuration is joint; else empty. */
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
  /** Old voters that become learners once the joint configuration is left. */
  readonly learnersNext: readonly string[];
  /** The leader leaves the joint configuration by itself. */
  readonly autoLeave: boolean;
}

/** A follower as its leader sees it. */
export interface FollowerView {
  readonly name: string;
  readonly state: "probe" | "replicate" | "snapshot";
  readonly match: number;
  readonly next: number;
  readonly learner: boolean;
  /** It answered since the leader last asked itself whether it still has a quorum. */
  readonly active: boolean;
  /** Nothing is sent to it for now. */
  readonly paused: boolean;
  /** Index of the snapshot on its way to it; 0 is none. */
  readonly snapshot: number;
}

export interface MemberMark {
  readonly name: string;
  readonly status: "up" | "paused" | "crashed";
  /** False: it was never started. */
  readonly started: boolean;
  /** Bugs of the museum that its version has, by their names; absent: none. */
  readonly bugs?: readonly string[];
  /** What it is in the ring's configuration; `outside`: no member. */
  readonly standing: "voter" | "learner" | "outside";
  /** It leads and hands over, or is the one that is to lead. */
  readonly hands?: "over" | "to";
  /** While the configuration is joint: in which half it votes. */
  readonly halves: readonly ("old" | "new")[];
  readonly role: RoleName;
  readonly term: number;
  /** Whom it believes to lead; "" is nobody. */
  readonly leader: string;
  readonly votedFor: string;
  /** While a candidate, or asking whether to be one: who granted (true), refused (false). Only voters' count; of both halves where there are two. */
  readonly votes: readonly {
    readonly from: string;
    readonly granted: boolean;
    readonly half?: "old" | "new";
  }[];
  /** Ticks; the arc around a follower. */
  readonly timer: {readonly elapsed: number; readonly timeout: number};
  readonly commitIndex: number;
  readonly lastApplied: number;
  /** Where its log begins; what comes before is in a snapshot. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly durableIndex: number;
  readonly revision: number;
  /** Index of a snapshot of another's that it is writing down; 0 is none. */
  readonly takingSnapshot: number;
  /** Who is in the cluster, as this server has applied it. */
  readonly configuration: ConfigurationView;
  /** While it leads. */
  readonly followers: readonly FollowerView[];
  /** As it has applied them, at most a few, by id. */
  readonly leases: readonly LeaseMark[];
  /** This leader can still reach a majority (itself included), of both halves where there are two. Only for a leader. */
  readonly majority?: boolean;
}

export interface LeaseMark {
  /** 16 hex digits. */
  readonly id: string;
  /** Seconds, as granted. */
  readonly ttl: number;
  /** Whole seconds left as of the event, where somebody counts: at the leader. */
  readonly remaining?: number;
  readonly keys: readonly string[];
}

export interface ClientMark {
  readonly name: string;
  /** Requests without an answer yet. */
  readonly waiting: readonly string[];
  /** Watches it holds open. */
  readonly watching: readonly string[];
  /** Its process stands still. */
  readonly paused?: true;
  /** As of a member. */
  readonly bugs?: readonly string[];
  /** What it believes to hold by a recipe that is not over: a lock's name, an election's. */
  readonly holds?: string;
  /** How its newest settled request came out. */
  readonly last?: {readonly line: string; readonly outcome: "ok" | "failed" | "unknown"};
  /** The members it speaks with now. */
  readonly servers: readonly string[];
}

export interface FlightMark {
  /** The event that will deliver it: its name, a ref `msg:…`. */
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly term: number;
  readonly response: boolean;
  /** For responses: granted, accepted. */
  readonly positive?: boolean;
  /** Terms of the entries it carries, at most 5; `more` beyond. */
  readonly entries: readonly number[];
  readonly more: number;
  /** Index up to which the snapshot that it carries goes. */
  readonly snapshot?: number;
  readonly sent: Micros;
  readonly arrives?: Micros;
  /** Where it was lost on the way. */
  readonly dies?: Micros;
  readonly held: boolean;
  /** For people: describeMessage's lines, or the client's command. */
  readonly line: string;
}

export interface LogView {
  readonly from: number;
  readonly count: number;
  readonly last: number;
  readonly lanes: readonly LogLane[];
}

export interface LogLane {
  readonly member: string;
  readonly status: "up" | "paused" | "crashed";
  readonly standing: MemberMark["standing"];
  readonly role: RoleName;
  readonly entries: readonly EntryCell[];
  /** Where the log begins: before it stands a snapshot. 1 when there is none. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly lastApplied: number;
  /** How the leader of the highest term sees this follower. */
  readonly progress?: {readonly match: number; readonly next: number; readonly state: string};
  /** A direct label beside the lane: "only on n1, n2: not a majority". */
  readonly note?: Said;
}

export interface EntryCell {
  readonly index: number;
  readonly term: number;
  /** What it holds, short: `put x=1`, `∅`, `members v4 r1`. */
  readonly text: string;
  /** It changes who is in the cluster. */
  readonly membership?: true;
  /** Known to this member as committed. */
  readonly committed: boolean;
  readonly applied: boolean;
  readonly durable: boolean;
}

export interface GridView {
  readonly seenBy: string;
  /** Nobody leads: `seenBy` led last, or has applied most. */
  readonly nobodyLeads?: true;
  readonly from: number;
  readonly count: number;
  readonly current: number;
  /** −1: nothing compacted. */
  readonly compact: number;
  readonly rows: readonly GridRow[];
  readonly rowsTotal: number;
  /** The revision that the last read asked for, or the current one: the answer of each row is marked by it. */
  readonly readAt: number;
  /** Whose write is on its way, when there is any. */
  readonly writer?: string;
}

export interface GridRow {
  readonly key: string;
  /** Oldest first. `to` is the tombstone's revision, undefined while alive. */
  readonly generations: readonly {readonly from: number; readonly to: number | undefined}[];
  readonly cells: readonly GridCell[];
}

export interface GridCell {
  readonly main: number;
  readonly sub: number;
  readonly kind: "put" | "delete";
  readonly value: string;
  readonly version: number;
  readonly create: number;
  /** The lease that the key goes with, if any: 16 hex digits. */
  readonly lease?: string;
  /** This is what a read at `readAt` answers. */
  readonly answer: boolean;
  /** Raft entry that made it, when it is still in the log: `entry:n1/6`. */
  readonly entry?: Ref;
}

export interface WatcherView {
  readonly ref: Ref;
  readonly client: string;
  readonly member: string;
  readonly range: string;
  readonly group: "synced" | "unsynced" | "victim";
  /** The next revision it wants. */
  readonly next: number;
  readonly queued: number;
}

/** What stands on a member's disk. What its server knows besides is marked as not durable: a crash may take it. */
export interface DiskView {
  readonly member: string;
  readonly status: "up" | "paused" | "crashed";
  /** Of all files: what a crash leaves; what was written and no sync covers. */
  readonly durableBytes: number;
  readonly dirtyBytes: number;
  /** On its way, oldest first, 8 at most. */
  readonly queue: readonly {readonly op: number; readonly what: string; readonly file: DiskFile}[];
  readonly queued: number;
  /** In force, 2 at most. */
  readonly faults: readonly Said[];
  readonly log: DiskLog;
  /** Newest first, 3 at most. */
  readonly snapshots: readonly {readonly index: number; readonly term: number; readonly broken: boolean}[];
  readonly snapshotsTotal: number;
  /** Undefined: there is no file, or none that opens. */
  readonly backend: DiskBackend | undefined;
  /** Where the log, or the backend file, is not as it was written. */
  readonly damage: readonly DiskDamage[];
  readonly way: DiskWay | undefined;
}

/** What a file is, whatever it is called. */
export type DiskFile = "wal" | "snap" | "db" | "aside" | "names" | "other";

export interface DiskDamage {
  /** `unreadable`: a sector of it, no offset is known. */
  readonly kind: "torn" | "rotten" | "unreadable";
  readonly file: DiskFile;
  readonly offset: number;
}

export interface DiskLog {
  /** Newest last, 2 at most. Bytes of records. */
  readonly segments: readonly {
    readonly sequence: number;
    readonly firstIndex: number;
    readonly bytes: number;
    readonly size: number;
  }[];
  /** In the order of the file, the newest that fit; behind them those that only memory has. */
  readonly records: readonly DiskRecord[];
  readonly commit: number;
  /** Up to which entry the backend file is, durably. etcd: the consistent index. */
  readonly consistent: number;
}

export interface DiskRecord {
  readonly kind: "head" | "entry" | "hardState" | "snapshot";
  /** Of its segment. */
  readonly sequence: number;
  /** Unique: where it stands, or what it will be. */
  readonly id: string;
  readonly durable: boolean;
  /** Of an entry, a snapshot; of a hard state its commit index. */
  readonly index: number;
  readonly term: number;
  /** In words. */
  readonly text: string;
  readonly committed: boolean;
}

export interface DiskBackend {
  /** The newest commit, and whether it is on its way still. */
  readonly version: number;
  readonly committing: boolean;
  /** Operations that wait for the next commit. */
  readonly buffered: number;
  /** What the newest commit did. */
  readonly last: {
    readonly written: number;
    readonly freed: number;
    readonly splits: number;
    readonly merges: number;
  };
  /** The tree of bucket `key`, the root's level first; of the leaves those that fit, and the branches above them. */
  readonly levels: readonly (readonly DiskPage[])[];
  readonly leavesBefore: number;
  readonly leavesAfter: number;
  /** The other buckets' roots. */
  readonly others: readonly {readonly bucket: string; readonly id: number}[];
  /** All pages of the file in their order, as far as they fit; the new ones and those given up first. */
  readonly pages: readonly DiskPageSquare[];
  readonly pagesTotal: number;
}

export interface DiskPage {
  readonly id: number;
  /** −1 for the root. */
  readonly parent: number;
  readonly entries: number;
  /** Of the page, of a hundred. */
  readonly fill: number;
  /** The first revision that it holds or leads to. */
  readonly first: string;
  /** Written by the newest commit. */
  readonly fresh: boolean;
}

export interface DiskPageSquare {
  readonly id: number;
  readonly kind: "meta" | "branch" | "leaf" | "overflow" | "free" | "pending";
  readonly bucket: string;
  readonly fresh: boolean;
}

/** The way of one read: key index, revision, pages, value. */
export interface DiskWay {
  readonly key: string;
  /** Its lives: `{2, 3, 4t}`, newest last, 4 at most. */
  readonly lives: readonly string[];
  /** As of which revision is read. */
  readonly at: number;
  /** "": the key did not exist then. */
  readonly revision: string;
  /** From the root to the leaf; none while the record is only in memory. */
  readonly pages: readonly number[];
  readonly value: string;
  /** The page whose records follow, the newest leaf while the record is only in memory; 0 is none. */
  readonly page: number;
  readonly rows: readonly DiskRow[];
}

/** A record of bucket `key`. */
export interface DiskRow {
  /** `5.0`, of a tombstone `4.0t`. */
  readonly revision: string;
  readonly key: string;
  /** "" of a tombstone. */
  readonly value: string;
  readonly version: number;
  readonly create: number;
  /** Not in the file yet. */
  readonly buffered: boolean;
  readonly answer: boolean;
}

export interface EventsView {
  readonly rows: readonly EventRow[];
  readonly total: number;
}

export interface EventRow {
  readonly step: number;
  readonly id: string;
  readonly at: Micros;
  readonly cause: number;
  readonly line: Said;
  readonly interesting: boolean;
}

/** The scrubber: as of the cursor, unless `seenTo` (the furthest visited, or all in free play) reaches further. */
export interface TapeView {
  readonly from: Micros;
  readonly to: Micros;
  /** What lies after is painted as "not yet shown". */
  readonly seenTo: Micros;
  readonly terms: readonly {
    readonly term: number;
    /** "" when the bar stands for several terms, from `firstTerm` to `term`. */
    readonly leader: string;
    readonly firstTerm?: number;
    readonly from: Micros;
    readonly to: Micros;
  }[];
  readonly faults: readonly {
    readonly from: Micros;
    readonly to: Micros;
    readonly said: Said;
    readonly ref: Ref;
  }[];
  readonly operations: readonly TapeOperation[];
  readonly checks: readonly {readonly at: Micros; readonly name: string; readonly ref: Ref}[];
  readonly branches: readonly {readonly id: string; readonly at: Micros}[];
}

export interface TapeOperation {
  readonly ref: Ref;
  readonly client: string;
  readonly line: string;
  readonly from: Micros;
  /** Undefined while it waits. */
  readonly to: Micros | undefined;
  readonly outcome: "ok" | "failed" | "unknown" | "waiting";
}

export interface CheckView {
  readonly name: string;
  /** What is claimed, in a scenario's own words. */
  readonly says?: Worded;
  readonly verdict: "holds" | "violated" | "unknown";
  readonly exercised: number;
  readonly violation?: {readonly said: Said; readonly evidence: readonly string[]; readonly step: number};
}

/** Answer to "why?": causes from the thing back to the beginning, and what came of it. */
export interface WhyView {
  readonly of: Ref;
  readonly causes: readonly EventRow[];
  readonly effects: readonly EventRow[];
}
