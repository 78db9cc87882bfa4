import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {clientErrors, mayRepeat, outcomeOf} from "../../../core/client/outcome.ts";
import {apiErrors} from "../../../core/server/request.ts";
import type {ApiError} from "../../../core/server/request.ts";
import {request} from "../server/cluster.ts";

const readme = readFileSync(new URL("../../../core/client/README.md", import.meta.url), "utf8");

/** The rows of the README's table of errors. */
const rows = readme
  .slice(readme.indexOf("| errors |"), readme.indexOf("*Repeatable*"))
  .split("\n")
  .slice(2)
  .filter((line) => line.startsWith("|"))
  .flatMap((line) => {
    const [, names = "", kind = "", , again = ""] = line.split("|").map((cell) => cell.trim());
    return [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => ({name, kind, again}));
  });
const errors: Readonly<Record<string, ApiError>> = {...apiErrors, ...clientErrors};

describe("the README's table of errors", () => {
  test("has every error once", () => {
    expect(rows.map(({name}) => name).toSorted()).toEqual(Object.keys(errors).toSorted());
  });

  test.each(rows)("tells of $name what the client does", ({name, kind, again}) => {
    const error = errors[name];
    if (error === undefined) throw new Error(`${name} is no error`);
    expect(["definite", "maybe"]).toContain(kind);
    const outcome = kind === "definite" ? "failed" : "unknown";
    expect(outcomeOf(request("put x 1"), error)).toEqual({kind: outcome, error});
    expect(outcomeOf(request("txn : put x 1 :"), error).kind).toBe(outcome);
    expect(outcomeOf(request("txn : ( txn : get x : ) :"), error).kind).toBe("failed");
    expect(outcomeOf(request("get x"), error).kind).toBe("failed");
    expect(mayRepeat(request("get x"), error)).toBe(
      again === "what is repeatable" || again.startsWith("yes"),
    );
    expect(mayRepeat(request("put x 1"), error)).toBe(again.startsWith("yes"));
  });
});
