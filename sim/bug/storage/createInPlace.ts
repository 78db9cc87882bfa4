import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const createInPlace: Bug = {
  id: "create-in-place",
  apply: withRules("storage", {nameUntilWhole: (name) => name}),
};

export const plaque: Plaque = {
  title: {
    en: "A new member writes its backend file in place, not aside",
    zh: "新成员就地写出后端文件，而不是先写在别处",
  },
  happened: {
    en: "etcd (2023): power was lost while bbolt wrote the first pages of a new file. Half of them were there, and the member could not start any more.",
    zh: "etcd（2023 年）：bbolt 写新文件的最初几页时断电，只留下一半，成员再也无法启动。",
  },
  source: "etcd server/storage/backend; bbolt db.go, init",
  condition: {
    en: "The power goes while a member that starts for the first time writes the file.",
    zh: "首次启动的成员正在写这个文件时断电。",
  },
  caughtBy: ["Member Assertions"],
  fix: {
    en: "Write it under another name, sync it, rename it and sync the name. etcd has not settled on one.",
    zh: "用别的名字写出，同步，改名，再同步文件名。etcd 尚无定论。",
  },
  links: ["https://github.com/etcd-io/etcd/issues/16596"],
  hunt: {by: "scenario", seeds: 16},
};
