//go:build ignore

// Prints what go/constant makes of some literals and of operations on them: constants.jsonl is a sample of it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/constant"
	"go/token"
	"math"
	"os"
	"strconv"
)

type lit struct {
	s string
	t token.Token
}

var lits = []lit{
	{"0", token.INT}, {"1", token.INT}, {"7", token.INT}, {"0755", token.INT}, {"0x_ff", token.INT}, {"0b1011", token.INT}, {"0o17", token.INT},
	{"1_000_000", token.INT}, {"9223372036854775807", token.INT}, {"9223372036854775808", token.INT}, {"18446744073709551615", token.INT},
	{"18446744073709551616", token.INT}, {"123456789012345678901234567890123456789", token.INT},
	{"0.0", token.FLOAT}, {"1.5", token.FLOAT}, {".1", token.FLOAT}, {"1e3", token.FLOAT}, {"1e-7", token.FLOAT}, {"3.14159265358979323846264338327950288419716939937510582097494459", token.FLOAT},
	{"1e100", token.FLOAT}, {"1e308", token.FLOAT}, {"1.7976931348623157e308", token.FLOAT}, {"1.7976931348623159e308", token.FLOAT}, {"4.940656458412465441765687928682213723651e-324", token.FLOAT}, {"2e-324", token.FLOAT}, {"1e-400", token.FLOAT}, {"1e400", token.FLOAT},
	{"1e1000", token.FLOAT}, {"1e-1300", token.FLOAT}, {"1e1300", token.FLOAT}, {"1.234567e2000", token.FLOAT}, {"1e-5000", token.FLOAT}, {"9.87e5000", token.FLOAT}, {"1e1000000", token.FLOAT}, {"1e-1000000", token.FLOAT}, {"3e100000000", token.FLOAT}, {"1e700000000", token.FLOAT}, {"1e-700000000", token.FLOAT}, {"1e999999999999", token.FLOAT},
	{"0x1p-2", token.FLOAT}, {"0x1.8p1", token.FLOAT}, {"0x.8p0", token.FLOAT}, {"0x1p-1074", token.FLOAT}, {"0x1p-1075", token.FLOAT}, {"0x1.fffffep127", token.FLOAT}, {"0x1.ffffffp127", token.FLOAT}, {"0x1p5000", token.FLOAT}, {"0x1p-149", token.FLOAT}, {"0x1p-150", token.FLOAT}, {"0x1.8p-150", token.FLOAT},
	{"0.1e1", token.FLOAT}, {"123456.7", token.FLOAT}, {"1234567.0", token.FLOAT}, {"0.00001234567", token.FLOAT}, {"100000.5", token.FLOAT}, {"1000000.5", token.FLOAT}, {"99999.99", token.FLOAT}, {"999999.99", token.FLOAT},
	{"1i", token.IMAG}, {"0123i", token.IMAG}, {"1.5e2i", token.IMAG}, {"0x1p2i", token.IMAG}, {"0i", token.IMAG}, {"0b11i", token.IMAG}, {"0o17i", token.IMAG},
	{"'a'", token.CHAR}, {"'\\n'", token.CHAR}, {"'\\''", token.CHAR}, {"'\\x41'", token.CHAR}, {"'\\377'", token.CHAR}, {"'\\u00e9'", token.CHAR}, {"'\\U0001F600'", token.CHAR}, {"'世'", token.CHAR}, {"'😀'", token.CHAR},
	{`"hello"`, token.STRING}, {`"a\tb\n\"q\"\\"`, token.STRING}, {`"\x00\xff\377"`, token.STRING}, {`"世界 \u4e16 \U0001F600"`, token.STRING}, {"`raw\\n\r\n x`", token.STRING}, {`""`, token.STRING},
	{`"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`, token.STRING},
	{`"世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世世"`, token.STRING},
	{`"\u00a0\u200b\ufeff\u00ad\U000e0001\x7f"`, token.STRING},
}

func exact(v constant.Value) string {
	if v.Kind() == constant.Complex {
		return "(" + exact(constant.Real(v)) + "," + exact(constant.Imag(v)) + ")"
	}
	if v.Kind() == constant.String {
		return strconv.Quote(constant.StringVal(v))
	}
	s := v.ExactString()
	if v.Kind() == constant.Float {
		s = "f" + s
	}
	return s
}

func fbits(f float64) string { return strconv.FormatUint(math.Float64bits(f), 16) }

func main() {
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	enc := json.NewEncoder(w)
	var vals []constant.Value
	for i, l := range lits {
		v := constant.MakeFromLiteral(l.s, l.t, 0)
		vals = append(vals, v)
		m := map[string]any{"k": "lit", "i": i, "lit": l.s, "tok": l.t.String(), "s": v.String(), "e": exact(v)}
		switch v.Kind() {
		case constant.Int, constant.Float:
			f, _ := constant.Float64Val(v)
			g, _ := constant.Float32Val(v)
			m["f64"] = fbits(f)
			m["f32"] = fbits(float64(g))
			m["toint"] = exact(constant.ToInt(v))
		case constant.Complex:
			m["toint"] = exact(constant.ToInt(v))
		}
		enc.Encode(m)
	}
	num := func(v constant.Value) bool { return v.Kind() >= constant.Int }
	for i, x := range vals {
		for j, y := range vals {
			var ops []token.Token
			switch {
			case x.Kind() == constant.Int && y.Kind() == constant.Int:
				ops = []token.Token{token.ADD, token.SUB, token.MUL, token.QUO, token.QUO_ASSIGN, token.REM, token.AND, token.OR, token.XOR, token.AND_NOT}
			case num(x) && num(y):
				ops = []token.Token{token.ADD, token.SUB, token.MUL, token.QUO}
			case x.Kind() == constant.String && y.Kind() == constant.String:
				ops = []token.Token{token.ADD}
			}
			for _, op := range ops {
				if (op == token.QUO || op == token.QUO_ASSIGN || op == token.REM) && constant.Sign(y) == 0 {
					continue
				}
				if x.Kind() == constant.Complex || y.Kind() == constant.Complex {
					if i%3 != 0 && j%3 != 0 {
						continue
					}
					if op == token.QUO {
						d := constant.ToComplex(y)
						re, im := constant.Real(d), constant.Imag(d)
						n := constant.BinaryOp(constant.BinaryOp(re, token.MUL, re), token.ADD, constant.BinaryOp(im, token.MUL, im))
						if constant.Sign(n) == 0 {
							continue
						}
					}
				}
				r := func() (r constant.Value) {
					defer func() {
						if e := recover(); e != nil {
							r = constant.MakeString(fmt.Sprint("PANIC ", e))
						}
					}()
					return constant.BinaryOp(x, op, y)
				}()
				enc.Encode(map[string]any{"k": "bin", "i": i, "j": j, "op": op.String(), "s": r.String(), "e": exact(r)})
			}
			if num(x) && num(y) && x.Kind() != constant.Complex && y.Kind() != constant.Complex {
				enc.Encode(map[string]any{"k": "cmp", "i": i, "j": j, "lt": constant.Compare(x, token.LSS, y), "eq": constant.Compare(x, token.EQL, y)})
			}
		}
	}
}
