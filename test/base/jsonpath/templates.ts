export const document = `name: shop
big: 1000000000000
f: 1.5
t: true
nul: null
empty: ""
emap: {}
elist: []
dot.ted: x
m: {z: 1, a: "<b>", c: [1, 2, {k: v}]}
items:
- {name: a, size: 1, tags: [x, z]}
- {name: b, size: 2.5, tags: []}
- {name: c d, size: 3, extra: {q: w}}
nums: [5, 6, 7, 8]
`;

/** What the real Helm prints for each of them: scripts/jsonpath-table.ts. Not in it: orders that Go draws by lot. */
export const templates = String.raw`
{.name}
{.big}
{.f}{.t}
{.nul}
{.empty}
{.emap}{.elist}
{.missing}
{.m}
{.m.c[2].k}
{.m.c}
{.items[*].name}
{.items[?(@.size>2)].name}
{.items[?(@.size==1)].name}
{.items[?(@.size==1.0)].name}
{.items[?(@.name=="a")].size}
{.items[?(@.extra)].name}
{range .items[*]}{.name}{"\t"}{.size}{"\n"}{end}
{range .items[*]}{.name}{range .tags[*]}[{@}]{end};{end}done
{.nums[1:3]}
{.nums[-1]}
{.nums[0,2]}
{.nums[::2]}
{.nums[10]}
{..name}
{['name','f']}
{.['dot.ted']}
{.dot\.ted}
plain
{.name} and {.f}
{.name
{$}
{@.name}
{.name.x}
{.items[0].name}{'\n'}
{end}
{foo}
{"a\"b"}
{5}{-3}{2.50}{true}
{.nums[?(@>6)]}
{.items[?(@.name!="a")].name}
{.}
{.m..k}
{...name}
{.items[?(@.tags[0]=="x")].name}
{.items[*]['name','size']}
{range .items[*]}{.name}
{range .items[*]}{.name},{end} {range .nums[*]}{@}-{end}
{range .elist[*]}{.x}{end}z
{range .elist[*]}{@}{end}z
{.name[*]}
{.name.*}
{.items[?(@.name=='a')].name}
{.items[ 0 ].name}
{.items[1:].name}
{.items[:1].name}
{.items[0:0].name}
{.items[2:1].name}
{.items[::0].name}
{.items[?(@.name)].name}
{.items[?(.name=="a")].name}
{.items[?(@.name=="a"]}
{.items[?(@.name~"a")].name}
{.items[?(@.name>="b")].name}
{.items[?(@.tags[7])].name}
{.t.x}
{.nul.x}
{.nul[0]}
{"\u00e9\x41\n"}
{"a}
{.items[x]}
{.items[0}
{%}
{.name }{ .f }
{1.2.3}
a{.name}b{.f}c
{.m['z']}
{.m["z"]}
{.m.c[*]}
{.items[?(@.name!=@.size)].name}
{.nums[?(@ > 6.0)]}
{.items[?(@.name == "a")].size}
{.m.c[-2:]}
{.m.c[-5]}
{.nums[-3:-1]}
{range .items[*]}{range .tags[*]}{@}{end}|{end}
{.items[?(@.name=="c)d")].name}
{.items[?(@.name=="c d")].extra.q}
`
  .trim()
  .split("\n");
