// With whom a member is connected, and since when. etcd asks its transport, which keeps a stream to every member
// (server/etcdserver/server.go, isConnectedSince and its neighbours); here it is judged from what is heard: a contact is
// broken once nothing has come for an election timeout, and begins anew with the next message.
//
// A follower hears its leader only. So who leads judges all the others, who follows judges its leader.

import type {Hasher} from "../base/hasher.ts";
import type {MemberId, Micros} from "../base/quantity.ts";

interface Contact {
  since: Micros;
  /** In ticks of this member. */
  lastHeard: number;
}

export class Contacts {
  /** Ticks without a message that break a contact. */
  private readonly silence: number;
  private readonly contacts = new Map<MemberId, Contact>();
  private ticks = 0;

  constructor(silence: number) {
    this.silence = silence;
  }

  tick(): void {
    this.ticks++;
  }

  heard(from: MemberId, now: Micros): void {
    const contact = this.contacts.get(from);
    if (contact === undefined) this.contacts.set(from, {since: now, lastHeard: this.ticks});
    else {
      if (!this.isUp(contact)) contact.since = now;
      contact.lastHeard = this.ticks;
    }
  }

  /** Whether it is connected, now. */
  isConnected(peer: MemberId): boolean {
    const contact = this.contacts.get(peer);
    return contact !== undefined && this.isUp(contact);
  }

  /** Whether it has been connected from `at` on. */
  connectedSince(peer: MemberId, at: Micros): boolean {
    const contact = this.contacts.get(peer);
    return contact !== undefined && contact.since <= at && this.isUp(contact);
  }

  /** How many of `members` have been; oneself counts always. */
  countSince(members: readonly MemberId[], self: MemberId, at: Micros): number {
    return members.filter((member) => member === self || this.connectedSince(member, at)).length;
  }

  fork(): Contacts {
    const twin = new Contacts(this.silence);
    for (const [peer, contact] of this.contacts) twin.contacts.set(peer, {...contact});
    twin.ticks = this.ticks;
    return twin;
  }

  /** `horizon`: nobody asks for a longer time than that. A broken contact is as good as none. */
  digest(into: Hasher, now: Micros, horizon: Micros): void {
    const peers = [...this.contacts].filter(([, contact]) => this.isUp(contact)).sort(([a], [b]) => a - b);
    into.int(peers.length);
    for (const [peer, {since, lastHeard}] of peers) {
      into.int(peer);
      into.int(Math.min(now - since, horizon));
      into.int(this.ticks - lastHeard);
    }
  }

  private isUp({lastHeard}: Contact): boolean {
    return this.ticks - lastHeard <= this.silence;
  }
}
