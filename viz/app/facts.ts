// What is known of a server, for the inspector: its place in the cluster, who is in it as this server sees it, where its
// log begins, and, of a leader, how far each of the others has come. Data only; inspector.ts draws it.

import type {ConfigurationView, FollowerView, LeaseMark, MemberMark} from "../frame.ts";
import type {Words} from "../layout/look.ts";
import type {Table} from "../layout/mark.ts";
import type {PageWord} from "../words/page.ts";

export interface Facts {
  /** What, and how it is. */
  readonly rows: readonly (readonly [string, string])[];
  /** Of a leader. */
  readonly followers: Table | undefined;
  /** While there are any. */
  readonly leases: Table | undefined;
}

export function factsOf(member: MemberMark, words: Words): Facts {
  const {t} = words;
  const rows: (readonly [string, string])[] = [[t("facts.standing"), standingText(member, words)]];
  if (member.bugs !== undefined) rows.push([t("facts.bugs"), member.bugs.join(t("facts.comma"))]);
  if (member.started) rows.push([t("facts.configuration"), configurationText(member.configuration, words)]);
  if (member.started) rows.push([t("facts.log"), logText(member, words)]);
  if (member.takingSnapshot > 0)
    rows.push([t("facts.snapshot"), t("facts.writing", {index: member.takingSnapshot})]);
  const {followers, leases} = member;
  return {
    rows,
    followers: followers.length === 0 ? undefined : followerTable(followers, words),
    leases: leases.length === 0 ? undefined : leaseTable(leases, words),
  };
}

function standingText({started, standing, halves}: MemberMark, {t}: Words): string {
  if (halves.length > 0) return t(`facts.votes.${halves.length === 2 ? "both" : (halves[0] ?? "new")}`);
  if (standing === "outside") return t(started ? "facts.outside" : "facts.spare");
  return t(`facts.${standing}`);
}

/** `n1 n2 n3 vote`, `new n2 n3 n4, old n1 n2 n3`; then who learns. */
export function configurationText(configuration: ConfigurationView, {t}: Words): string {
  const {voters, outgoing, learners, learnersNext, autoLeave} = configuration;
  if (voters.length === 0) return t("facts.nobody");
  const list = (names: readonly string[]): string => names.join(" ");
  const parts = [
    outgoing.length === 0
      ? t("facts.voters", {voters: list(voters)})
      : t("facts.joint", {voters: list(voters), old: list(outgoing)}),
  ];
  if (learners.length > 0) parts.push(t("facts.learners", {learners: list(learners)}));
  if (learnersNext.length > 0) parts.push(t("facts.learnersNext", {learners: list(learnersNext)}));
  if (autoLeave) parts.push(t("facts.autoLeave"));
  return parts.join(t("facts.comma"));
}

function logText({firstIndex, lastIndex}: MemberMark, {t}: Words): string {
  if (firstIndex === 1)
    return lastIndex === 0 ? t("facts.empty") : t("facts.entries", {from: 1, to: lastIndex});
  const index = firstIndex - 1;
  if (lastIndex < firstIndex) return t("facts.onlySnapshot", {index});
  return t("facts.behindSnapshot", {index, from: firstIndex, to: lastIndex});
}

function followerTable(followers: readonly FollowerView[], {t}: Words): Table {
  return {
    columns: [t("column.server"), t("column.sends"), t("column.match"), t("column.next"), t("column.notes")],
    rows: followers.map((one) => ({
      ref: one.name,
      cells: [one.name, t(`progress.${one.state}`), String(one.match), String(one.next), notesOf(one, t)],
    })),
  };
}

/** Only who leads knows what is left: it alone counts. */
function leaseTable(leases: readonly LeaseMark[], {t}: Words): Table {
  return {
    columns: [t("column.lease"), t("column.ttl"), t("column.left"), t("column.keys")],
    rows: leases.map(({id, ttl, remaining, keys}) => ({
      cells: [
        id.replace(/^0+(?=.)/, ""),
        t("facts.seconds", {seconds: ttl}),
        remaining === undefined ? "–" : t("facts.seconds", {seconds: remaining}),
        keys.length === 0 ? "–" : keys.join(" "),
      ],
    })),
  };
}

function notesOf(one: FollowerView, t: Words["t"]): string {
  const notes: (readonly [boolean, PageWord])[] = [
    [one.learner, "progress.learner"],
    [one.snapshot > 0, "progress.pending"],
    [one.paused && one.snapshot === 0, "progress.paused"],
    [!one.active, "progress.silent"],
  ];
  const said = notes.filter(([holds]) => holds).map(([, word]) => t(word));
  return said.length === 0 ? "–" : said.join(t("facts.comma"));
}
