import fc from "fast-check";
import { expect, test } from "vitest";
import { describePreview, parsePreview, previewNames, repositoryId } from "../../../src/deploy/preview/identity.ts";
import { isNamespaceName } from "../../../src/kube/namespace-name.ts";

const repository = "github.com/o/r";

test.each([
  ["a plain name", { repository, number: 123, release: "shop" }, "pr-123-shop", /^pr-123-shop-[0-9a-f]{8}$/],
  // Dots would become the same as dashes.
  ["a dot", { repository, number: 1, release: "a.b" }, /^pr-1-a-b-[0-9a-f]{8}$/, /^pr-1-a-b-[0-9a-f]{8}$/],
  [
    "a name that just fits",
    { repository, number: 123456, release: "a".repeat(53) },
    `pr-123456-${"a".repeat(53)}`,
    /^pr-123456-a{44}-[0-9a-f]{8}$/,
  ],
  [
    "one that doesn't",
    { repository, number: 12345678, release: "a".repeat(53) },
    /^pr-12345678-a{42}-[0-9a-f]{8}$/,
    /^pr-12345678-a{42}-[0-9a-f]{8}$/,
  ],
])("the namespace of %s", (_, identity, first, second) => {
  const [plain, withHash] = previewNames(identity);
  expect(plain).toEqual(typeof first === "string" ? first : expect.stringMatching(first));
  expect(withHash).toMatch(second);
});

const identities = fc.record({
  repository: fc.constantFrom("github.com/o/r", "github.com/o/s", "github.com/p/r", "git.example:8443/group/sub/r"),
  number: fc.integer({ min: 1, max: 999_999_999 }),
  release: fc
    .stringMatching(/^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?)?$/)
    .filter((name) => name.length <= 53),
});

test("names are DNS labels, and no two previews share the second one", () => {
  fc.assert(
    fc.property(identities, identities, (a, b) => {
      for (const name of [...previewNames(a), ...previewNames(b)]) expect(isNamespaceName(name)).toBe(true);
      const isSame = describePreview(a) === describePreview(b);
      expect(previewNames(a)[1] === previewNames(b)[1]).toBe(isSame);
    }),
  );
});

test("within one repository no two previews share a name", () => {
  fc.assert(
    fc.property(identities, identities, (a, b) => {
      const [one, other] = [a, { ...b, repository: a.repository }];
      fc.pre(describePreview(one) !== describePreview(other));
      expect(previewNames(one)[0]).not.toBe(previewNames(other)[0]);
    }),
  );
});

test("what is written of a preview is read back", () => {
  fc.assert(
    fc.property(identities, (identity) => {
      expect(parsePreview(describePreview(identity))).toEqual(identity);
    }),
  );
});

test.each(["", "o/r#1 shop", "github.com/o/r#x shop", "github.com/o/r#1", "github.com/o/r#1 Shop!"])(
  "%j names no preview",
  (text) => expect(parsePreview(text)).toBeUndefined(),
);

test("a repository is the same in any case, and has two parts", () => {
  expect(repositoryId("GitHub.com", "Owner/Name")).toBe("github.com/owner/name");
  expect(repositoryId("git.example:8443", "group/sub/name")).toBe("git.example:8443/group/sub/name");
  for (const name of ["", "name", "a//b", "/a/b", "a/b c", "a/b#1", "x/".repeat(300)])
    expect(() => repositoryId("github.com", name)).toThrow("can't be the name of a repository");
});
