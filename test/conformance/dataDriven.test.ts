import {describe, expect, it} from "vitest";
import type {Directive} from "./dataDriven.ts";
import {readScript, ScriptError} from "./dataDriven.ts";

function read(text: string): readonly Directive[] {
  return [...readScript(text)];
}

function argumentsOf(line: string): readonly (readonly [string, readonly string[]])[] {
  const [directive] = read(`${line}\n----\n`);
  return (directive?.arguments ?? []).map(({key, values}) => [key, values]);
}

describe("a script", () => {
  it("is directives with their input and what they must print", () => {
    const text = "\n# about\nfirst 1\nv1\nr2\n----\nok\n\n\n  # more\nsecond\n----\none\n two\n";
    expect(read(text)).toEqual([
      {line: 3, command: "first", arguments: [{key: "1", values: []}], input: "v1\nr2", expected: "ok\n"},
      {line: 11, command: "second", arguments: [], input: "", expected: "one\n two\n"},
    ]);
  });

  it("may expect nothing", () => {
    expect(read("a\n----\n\nb\n----\n").map(({expected}) => expected)).toEqual(["", ""]);
  });

  it("takes for input whatever comes before the separator, comments and blank lines too", () => {
    expect(read("a\n\n# x\n\ny\n\n----\nok\n").map(({input}) => input)).toEqual(["# x\n\ny"]);
  });

  it("ends what is expected at a line of nothing but spaces", () => {
    expect(read("a\n----\nx\n  \nb\n----\ny")).toMatchObject([{expected: "x\n"}, {expected: "y\n"}]);
  });

  it("keeps blank lines and single separators between double ones", () => {
    const text = "a\n----\n----\nx\n\n----\ny\n----\n----\n\nb\n----\nz\n";
    expect(read(text)).toMatchObject([
      {command: "a", expected: "x\n\n----\ny\n"},
      {command: "b", expected: "z\n"},
    ]);
  });

  it("may expect nothing between double separators", () => {
    expect(read("a\n----\n----\n----\n----\n")).toMatchObject([{expected: ""}]);
  });

  it("goes on in the next line after a backslash", () => {
    expect(read("a 1 \\\n  b=2 \\\n c\n----\nok\n")).toMatchObject([
      {line: 1, arguments: [{key: "1"}, {key: "b", values: ["2"]}, {key: "c"}], expected: "ok\n"},
    ]);
  });

  it("has subtests, which are nothing but names", () => {
    expect(read("subtest one\n\na\n----\nok\n\nsubtest end\n")).toMatchObject([{line: 3, command: "a"}]);
  });

  it("may come with carriage returns", () => {
    expect(read("a 1\r\n----\r\nok\r\n")).toMatchObject([{arguments: [{key: "1"}], expected: "ok\n"}]);
  });

  it("is broken without a separator, or without the second pair of them", () => {
    expect(() => read("a\n----\nok\n\nb\nc\n")).toThrow(
      new ScriptError('expected "----" after the directive', 5),
    );
    expect(() => read("a\n----\n----\nok\n----\n")).toThrow(ScriptError);
  });
});

describe("arguments", () => {
  it("are words, values, and lists of values", () => {
    expect(argumentsOf("a 1 b=2 c= d=(3, 4,5) e")).toEqual([
      ["1", []],
      ["b", ["2"]],
      ["c", [""]],
      ["d", ["3", "4", "5"]],
      ["e", []],
    ]);
  });

  it("keep parentheses inside of a list, and the commas in them", () => {
    expect(argumentsOf("a b=(f(1, 2), (3), ) c=()")).toEqual([
      ["b", ["f(1, 2)", "(3)", ""]],
      ["c", [""]],
    ]);
  });

  it("may stand far apart", () => {
    expect(argumentsOf("  a   b    c=1  ")).toEqual([
      ["b", []],
      ["c", ["1"]],
    ]);
  });

  it("are broken without a name, or without the end of a list", () => {
    expect(() => argumentsOf("a =1")).toThrow("expected the name of an argument at column 3");
    expect(() => argumentsOf("a b=(1, 2")).toThrow('expected ")" at column 10');
  });
});
