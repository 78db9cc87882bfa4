import {expect, it} from "vitest";
import {firstDraws} from "./firstDraws.ts";

firstDraws("in Chromium");

it("runs in a real browser, which has workers", async () => {
  const program = new Blob(["postMessage(navigator.userAgent)"], {type: "text/javascript"});
  const worker = new Worker(URL.createObjectURL(program));
  const said = await new Promise((resolve) =>
    worker.addEventListener("message", (message) => resolve(message.data)),
  );
  worker.terminate();
  expect(said).toContain("Chrome/");
});
