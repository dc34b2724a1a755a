/** Arithmetic and conversion. */
export const numberRows: Readonly<Record<string, readonly string[]>> = {
  add: [
    '{{ add 1 2 3 }} {{ add }} {{ add "5" 1.9 true nil "x" }} {{ add .Values.int .Values.float }}',
    "{{ add 9223372036854775807 1 }} {{ add 1e19 0 }} {{ add -1e19 0 }}",
  ],
  add1: ['{{ add1 1 }} {{ add1 "2" }} {{ add1 9223372036854775807 }} {{ add1 nil }}'],
  sub: ["{{ sub 5 3 }} {{ sub -9223372036854775807 2 }}"],
  mul: ["{{ mul 2 3 4 }} {{ mul 5 }} {{ mul 4611686018427387904 4 }} {{ mul 3037000500 3037000500 }}"],
  div: [
    "{{ div 7 2 }} {{ div -7 2 }} {{ div 7 -2 }}",
    "{{ div 1 0 }}",
    '{{ div 1 "x" }}',
    "{{ div (sub -9223372036854775807 1) -1 }}",
  ],
  mod: ["{{ mod 7 3 }} {{ mod -7 3 }} {{ mod 7 -3 }}", "{{ mod 1 0 }}"],
  randInt: ["{{ randInt 5 6 }}", "{{ randInt 5 5 }}", "{{ randInt 5 2 }}"],
  add1f: ['{{ add1f 1.5 }} {{ add1f "2.25" }}'],
  addf: [
    "{{ addf 1.5 2 0.1 }} {{ addf 0.1 0.2 }} {{ addf }} {{ addf 1e300 1e300 }}",
    '{{ addf "nan" 1 }}',
    '{{ addf 1 "inf" }}',
  ],
  subf: ["{{ subf 7.5 2 3 }} {{ subf 0.3 0.1 }}", '{{ subf "-inf" }}'],
  mulf: ["{{ mulf 1.5 2 2 }} {{ mulf 0.1 3 }} {{ mulf 1e200 1e200 }}"],
  divf: [
    "{{ divf 10 4 }} {{ divf 1 3 }} {{ divf 2 3 }} {{ divf -2 3 }} {{ divf 20000 3 }} {{ divf 1 30000 }} {{ divf 1e30 7 }} {{ divf 1 1e20 }} {{ divf 0 5 }}",
    "{{ divf 1 0 }}",
  ],
  biggest: ["{{ biggest 1 5 3 }}"],
  max: ['{{ max 1 5 3 }} {{ max "7" 2 }} {{ max 1.9 1 }} {{ max -1 -5 }}'],
  min: ["{{ min 1 5 -3 }} {{ min 2 }}"],
  maxf: ['{{ maxf 1 2.5 "3.7" }} {{ maxf 1 "nan" }} {{ maxf "nan" "inf" }}'],
  minf: ['{{ minf 1 2.5 -3.7 }} {{ minf 1 "nan" }} {{ minf "nan" "-inf" }}'],
  ceil: ['{{ ceil 1.2 }} {{ ceil -0.5 }} {{ ceil "1.0001" }} {{ ceil 5 }}'],
  floor: ['{{ floor 1.9 }} {{ floor -0.5 }} {{ floor "x" }}'],
  round: [
    '{{ round 123.5555 3 }} {{ round 123.5555 0 }} {{ round -1.5 0 }} {{ round 123.4 -2 }} {{ round 2.5 0 0.6 }} {{ round "1.005" 2 }} {{ round 1e20 2 }}',
    '{{ round "inf" 2 }} {{ round 1.5 400 }} {{ round 5 1 }}',
    '{{ round 1.5 "1" }}',
    "{{ round 1.5 1 1 }}",
  ],
  atoi: [
    '{{ atoi "42" }} {{ atoi "x" }} {{ atoi "99999999999999999999" }} {{ atoi "-99999999999999999999" }} {{ atoi "+5" }} {{ atoi "0x10" }} {{ atoi "010" }} {{ atoi " 1" }} {{ atoi "1_000" }} {{ atoi "" }}',
    "{{ atoi 5 }}",
  ],
  int: [
    '{{ int "42" }} {{ int 3.99 }} {{ int -3.99 }} {{ int "3.00" }} {{ int "3.5" }} {{ int true }} {{ int nil }} {{ int "0x1F" }} {{ int "017" }} {{ int "0b11" }} {{ int "0o17" }} {{ int "1_000" }} {{ int "08" }} {{ int " 1" }} {{ int (list) }}',
    '{{ int "9223372036854775808" }} {{ int 1e30 }} {{ int "-0x8000000000000000" }} {{ int "10.0" }} {{ int ".0" }} {{ int "100" }} {{ int "1__0" }} {{ int "0_7" }} {{ int "_1" }} {{ int "0x_1" }} {{ int "+0x1" }} {{ int "" }} {{ int "0" }} {{ int "-0" }}',
    '{{ int (float64 "nan") }} {{ int .Values.big }} {{ int now.Month | lt 0 }} {{ int (mustToDuration "1s") }} {{ typeOf (int 1) }} {{ int 9223372036854775807.0 }}',
  ],
  int64: ['{{ int64 "42" }} {{ int64 3.99 }} {{ typeOf (int64 1) }} {{ int64 .Values.float }}'],
  float64: [
    '{{ float64 "1.5e3" }} {{ float64 2 }} {{ float64 "x" }} {{ float64 "inf" }} {{ float64 "-Infinity" }} {{ float64 "NaN" }} {{ float64 "0x1p-2" }} {{ float64 "1e400" }} {{ float64 "1_0" }} {{ float64 ".5" }} {{ float64 "5." }} {{ float64 "." }} {{ float64 true }} {{ float64 nil }}',
    '{{ float64 "0x1.8p1" }} {{ float64 "1e-400" }} {{ float64 "+1" }} {{ float64 "1e" }} {{ float64 " 1" }} {{ float64 .Values.big }} {{ float64 "infinit" }} {{ float64 "0x_1p0" }} {{ typeOf (float64 1) }}',
  ],
  toDecimal: [
    '{{ toDecimal 777 }} {{ toDecimal "0644" }} {{ toDecimal "8" }} {{ toDecimal "0o17" }} {{ toDecimal "" }} {{ toDecimal "-7" }} {{ toDecimal 7.0 }} {{ toDecimal nil }}',
  ],
  until: [
    "{{ until 3 }} {{ until -3 }} {{ until 0 }} {{ typeOf (until 1) }} {{ until 0 | toJson }} {{ until 2 | toJson }}",
    "{{ range $i := until 3 }}{{ add $i 1 }}{{ end }} {{ index (until 5) 3 }}",
    '{{ until "3" }}',
  ],
  untilStep: [
    "{{ untilStep 3 10 3 }} {{ untilStep 10 3 -3 }} {{ untilStep 3 10 -1 }} {{ untilStep 3 3 1 }} {{ untilStep 10 3 2 }} {{ untilStep 0 5 0 }}",
  ],
  seq: [
    "{{ seq 5 }};{{ seq -3 }};{{ seq 0 }};{{ seq 1 }};{{ seq 2 5 }};{{ seq 5 2 }};{{ seq 0 2 10 }};{{ seq 10 -5 0 }};{{ seq 10 5 0 }};{{ seq }};{{ seq 1 2 3 4 }};{{ seq 0 -2 -5 }};{{ seq 1 -1 5 }};{{ seq 0 3 10 }}",
  ],
};
