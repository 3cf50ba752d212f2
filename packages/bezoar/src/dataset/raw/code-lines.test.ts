import { expect, test } from "vitest";
import fc from "fast-check";
import { readCode } from "./code-lines.ts";
import { SINKS } from "./sinks.ts";

const ALL = SINKS.map((_, index) => index);

function sinksOf(text: string): string[] {
  return [...new Set(readCode(text, ALL).hits.map((hit) => SINKS[hit.sink]?.id ?? ""))];
}

test.each([
  ["return jinja2.Template(f.read()).render()", "py-jinja-template"],
  ["data = yaml.load(f, Loader=yaml.Loader)", "py-yaml-load"],
  ["obj = pickle.loads(request.data)", "py-pickle"],
  ['subprocess.run("ls " + d, shell=True)', "py-shell-true"],
  ["requests.get(url, verify=False)", "py-verify-false"],
  ['cur.execute("SELECT * FROM t WHERE id = " + uid)', "sql-concat"],
  ["db.query(`SELECT * FROM t WHERE id = ${id}`)", "sql-query-concat"],
  ["el.innerHTML = body;", "js-inner-html"],
  ["&tls.Config{InsecureSkipVerify: true}", "go-skip-verify"],
  ["strcpy(buf, name);", "c-strcpy"],
  ["Runtime.getRuntime().exec(cmd);", "java-runtime-exec"],
  ["echo $_GET['q'];", "php-echo-get"],
  ["curl https://example.org/i.sh | sudo bash", "sh-curl-bash"],
])("%s is an insecure sink", (line, id) => {
  expect(sinksOf(line)).toContain(id);
});

test.each([
  "data = yaml.safe_load(f)",
  "data = yaml.load(f, Loader=yaml.SafeLoader)",
  'cur.execute("SELECT * FROM t WHERE id = %s", (uid,))',
  "requests.get(url, verify=True)",
  "model = torch.load(path, weights_only=True)",
  "ast.literal_eval(text)",
  "snprintf(buf, sizeof buf, fmt)",
])("%s is none", (line) => {
  expect(sinksOf(line)).toEqual([]);
});

test("notes are comments and docstrings, by line among those that are not blank, without orders to tools", () => {
  const text = [
    "#!/bin/python",
    "",
    "# load the page",
    "x = 1  # then go on",
    '"""',
    "in a docstring",
    '"""',
    "eval(x)  # noqa: S307",
  ].join("\n");
  const { lines, notes, hits } = readCode(text, ALL);
  expect(lines).toBe(7);
  expect(notes.map(({ line, words }) => [line, words.join(" ")])).toEqual([
    [1, "load the page"],
    [2, "then go on"],
    [4, "in a docstring"],
  ]);
  expect(hits.map(({ line }) => line)).toEqual([6]);
});

test("reads any text, with every line number below the number of lines", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.constantFrom(...SINKS), (text, sink) => {
      const { lines, notes, hits } = readCode(`${text}\n${sink.word}(${text}`, ALL);
      for (const { line } of [...notes, ...hits]) expect(line).toBeLessThan(Math.max(1, lines));
    }),
  );
});

test("takes time in proportion to hostile text", () => {
  const hostile = `${'execute( "'.repeat(10_000)}\n${"SELECT ".repeat(10_000)}\n${" # ".repeat(300)}`;
  const start = performance.now();
  readCode(hostile, ALL);
  expect(performance.now() - start).toBeLessThan(2000);
});

test("one endless line of sinks costs no more than its length", () => {
  const started = process.cpuUsage().user;
  readCode("eval(".repeat(50_000), ALL);
  expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(2); // quadratic reading took minutes
});
