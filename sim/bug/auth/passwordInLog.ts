import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const passwordInLog: Bug = {
  id: "password-in-log",
  apply: withRules("auth", {
    hashPassword: (password) => password,
    isPassword: (password, kept) => password === kept,
  }),
};

export const plaque: Plaque = {
  title: {
    en: "A user's password stands in the log as it was given",
    zh: "用户的密码原样写在日志里",
  },
  happened: {
    en: "Until 2020 etcd put what was asked into the log as it was asked, passwords included, and hashed them only when the entry was applied: who could read a member's write-ahead log could read them. Here the store keeps the password itself, too.",
    zh: "2020 年之前，etcd 把请求原样写入日志，包括密码，直到应用条目时才做散列：能读到成员预写日志的人就能读到密码。这里连存储中也直接保存密码。",
  },
  source: "GHSA-528j-9r78-wffx, etcd's security audit of 2020",
  condition: {
    en: "A user with a password is added, or a password is changed.",
    zh: "添加带密码的用户，或修改密码。",
  },
  caughtBy: ["Passwords Stay Hidden"],
  fix: {
    en: "The member that is asked makes a digest of the password, and proposes that.",
    zh: "被询问的成员先对密码做散列，只提议散列值。",
  },
  links: [
    "https://github.com/etcd-io/etcd/security/advisories/GHSA-528j-9r78-wffx",
    "https://github.com/etcd-io/etcd/blob/main/security/SECURITY_AUDIT.pdf",
  ],
  hunt: {by: "scenario", seeds: 16},
};
