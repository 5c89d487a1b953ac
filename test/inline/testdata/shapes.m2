./shapes.go:9:6: can inline newError with cost 6 as: func(string) error { return &errorString{...} }
./shapes.go:7:6: can inline (*errorString).Error with cost 3 as: method(*errorString) func() string { return e.s }
./shapes.go:18:6: can inline square.area with cost 6 as: method(square) func() int { return s.side * s.side }
./shapes.go:27:6: can inline pick with cost 12 as: func(bool) shape { if big { return square{...} }; return square{...} }
./shapes.go:34:6: can inline loop with cost 24 as: func([]int) int { outer: ; for loop; return  }
./shapes.go:48:6: can inline each with cost 26 as: func([]int, func(int)) { for loop }
./shapes.go:54:6: can inline even with cost 67 as: func(int) bool { return n == 0 || odd(n - 1) }
./shapes.go:55:6: can inline odd with cost 77 as: func(int) bool { return n != 0 && even(n - 1) }
./shapes.go:58:6: cannot inline never: marked go:noinline
./shapes.go:60:6: cannot inline tooBig: function too complex: cost 135 exceeds budget 80
./shapes.go:67:6: can inline maker with cost 17 as: func(int) func() func() int { return func literal }
./shapes.go:68:9: can inline maker.func1 with cost 24 as: func() func() int { m := n + 1; return func literal }
./shapes.go:70:10: can inline maker.func1.1 with cost 4 as: func() int { return m + n }
./shapes.go:89:6: can inline seq with cost 17 as: func(int) func(func(int) bool) { return func literal }
./shapes.go:90:9: can inline seq.func1 with cost 35 as: func(func(int) bool) { for loop }
./shapes.go:99:6: can inline header with cost 3 as: func([]byte) *int { return (*int)(unsafe.Pointer(<node unsafe.SliceData>)) }
./shapes.go:101:6: cannot inline recovers: unhandled op DEFER
./shapes.go:102:8: cannot inline recovers.func1: call to recover
./shapes.go:106:6: can inline pair with cost 3 as: func(*int) (*int, error) { return p, nil }
./shapes.go:74:6: can inline keys[go.shape.string,go.shape.*uint8] with cost 49 as: func(*[6]uintptr, map[go.shape.string]go.shape.*uint8, func(go.shape.string, go.shape.string) bool) []go.shape.string { out := make([]go.shape.string, 0, len(m)); for loop; return out }
./shapes.go:118:22: can inline main.func2 with cost 4 as: func(string, string) bool { return a < b }
./shapes.go:86:6: can inline (*stack[go.shape.*uint8]).push with cost 7 as: method(*stack[go.shape.*uint8]) func(*[4]uintptr, go.shape.*uint8) { s.items = append(s.items, v) }
./shapes.go:87:6: can inline (*stack[go.shape.*uint8]).top with cost 10 as: method(*stack[go.shape.*uint8]) func(*[4]uintptr) *go.shape.*uint8 { return &s.items[len(s.items) - 1] }
./shapes.go:134:3: can inline main.func4.deferwrap1 with cost 27 as: func() { loop(nil) }
./shapes.go:133:2: cannot inline main.func4: unhandled op DEFER
./shapes.go:108:6: cannot inline main: unhandled op GO
./shapes.go:113:20: can inline main.func1 with cost 3 as: func(int) { total += x }
./shapes.go:122:2: can inline main-range1 with cost 23 as: func(int) bool { #tmpState := #state1; #state1 = 2; if #tmpState != 1 { runtime.panicrangestate(#tmpState) }; total += i; #state1 = 1; return true }
./shapes.go:132:5: can inline main.func3 with cost 2 as: func() { println(total) }
./shapes.go:87:6: can inline (*stack[*int]).top with cost 15 as: method(*stack[*int]) func() **int { return (*stack[go.shape.*uint8]).top(s, &.dict.stack[*int]) }
./shapes.go:86:6: can inline (*stack[*int]).push with cost 12 as: method(*stack[*int]) func(*int) { (*stack[go.shape.*uint8]).push(s, &.dict.stack[*int], v) }
./shapes.go:74:6: can inline keys[string,*int] with cost 56 as: func(map[string]*int, func(string, string) bool) []string { return keys[go.shape.string,go.shape.*uint8](&.dict.keys[string,*int], m, less) }
./shapes.go:12:25: inlining call to newError
./shapes.go:54:45: inlining call to odd
./shapes.go:54:45: inlining call to even
./shapes.go:55:46: inlining call to even
./shapes.go:55:46: inlining call to odd
./shapes.go:134:13: inlining call to loop
./shapes.go:109:11: inlining call to pick
./shapes.go:110:16: devirtualizing s.area to square
./shapes.go:110:16: inlining call to square.area
./shapes.go:111:14: inlining call to loop
./shapes.go:113:6: inlining call to each
./shapes.go:114:14: inlining call to even
./shapes.go:115:12: inlining call to maker
./shapes.go:68:9: can inline main.maker.func5 with cost 24 as: func() func() int { m := n + 1; return func literal }
./shapes.go:116:11: inlining call to main.maker.func5
./shapes.go:70:10: can inline main.main.maker.func5.func6 with cost 4 as: func() int { return m + n }
./shapes.go:116:13: inlining call to main.main.maker.func5.func6
./shapes.go:118:18: inlining call to keys[go.shape.string,go.shape.*uint8]
./shapes.go:120:9: inlining call to (*stack[go.shape.*uint8]).push
./shapes.go:121:17: inlining call to (*stack[go.shape.*uint8]).top
./shapes.go:122:20: inlining call to seq
./shapes.go:90:9: can inline main.seq.func7 with cost 35 as: func(func(int) bool) { for loop }
./shapes.go:122:2: inlining call to main.seq.func7
./shapes.go:125:16: inlining call to header
./shapes.go:126:19: inlining call to pair
./shapes.go:113:6: inlining call to main.func1
./shapes.go:114:14: inlining call to odd
./shapes.go:118:18: inlining call to main.func2
./shapes.go:122:2: inlining call to main-range1
./shapes.go:114:14: cannot inline even into main: repeated recursive cycle
./shapes.go:114:14: cannot inline even into main: repeated recursive cycle
./shapes.go:87:6: inlining call to (*stack[go.shape.*uint8]).top
./shapes.go:86:6: inlining call to (*stack[go.shape.*uint8]).push
./shapes.go:74:6: inlining call to keys[go.shape.string,go.shape.*uint8]
<autogenerated>:1: inlining call to square.area
<autogenerated>:1: inlining call to square.area
<autogenerated>:1: inlining call to square.area
<autogenerated>:1: inlining call to square.area
<autogenerated>:1: inlining call to square.area
./shapes.go:7:7: parameter e leaks to ~r0 for (*errorString).Error with derefs=1:
./shapes.go:7:7:   flow: ~r0 ← *e:
./shapes.go:7:7:     from e.s (dot of pointer) at ./shapes.go:7:48
./shapes.go:7:7:     from return e.s (return) at ./shapes.go:7:40
./shapes.go:7:7: leaking param: e to result ~r0 level=1
./shapes.go:9:40: &errorString{...} escapes to heap in newError:
./shapes.go:9:40:   flow: ~r0 ← &{storage for &errorString{...}}:
./shapes.go:9:40:     from &errorString{...} (spill) at ./shapes.go:9:40
./shapes.go:9:40:     from &errorString{...} (interface-converted) at ./shapes.go:9:40
./shapes.go:9:40:     from return &errorString{...} (return) at ./shapes.go:9:33
./shapes.go:9:15: parameter s leaks to {storage for &errorString{...}} for newError with derefs=0:
./shapes.go:9:15:   flow: {storage for &errorString{...}} ← s:
./shapes.go:9:15:     from errorString{...} (struct literal element) at ./shapes.go:9:52
./shapes.go:9:15: leaking param: s
./shapes.go:9:40: &errorString{...} escapes to heap
./shapes.go:29:16: square{...} escapes to heap in pick:
./shapes.go:29:16:   flow: ~r0 ← &{storage for square{...}}:
./shapes.go:29:16:     from square{...} (spill) at ./shapes.go:29:16
./shapes.go:29:16:     from return square{...} (return) at ./shapes.go:29:3
./shapes.go:31:15: square{...} escapes to heap in pick:
./shapes.go:31:15:   flow: ~r0 ← &{storage for square{...}}:
./shapes.go:31:15:     from square{...} (spill) at ./shapes.go:31:15
./shapes.go:31:15:     from return square{...} (return) at ./shapes.go:31:2
./shapes.go:29:16: square{...} escapes to heap
./shapes.go:31:15: square{...} escapes to heap
./shapes.go:34:11: xs does not escape
./shapes.go:48:11: xs does not escape
./shapes.go:48:21: f does not escape
./shapes.go:58:12: parameter p leaks to ~r0 for never with derefs=0:
./shapes.go:58:12:   flow: ~r0 ← p:
./shapes.go:58:12:     from return p (return) at ./shapes.go:58:27
./shapes.go:58:12: leaking param: p to result ~r0 level=0
./shapes.go:67:12: maker capturing by value: n (addr=false assign=false width=8)
./shapes.go:69:3: maker.func1 capturing by value: m (addr=false assign=false width=8)
./shapes.go:67:12: maker capturing by value: n (addr=false assign=false width=8)
./shapes.go:70:10: func literal escapes to heap in maker.func1:
./shapes.go:70:10:   flow: ~r0 ← &{storage for func literal}:
./shapes.go:70:10:     from func literal (spill) at ./shapes.go:70:10
./shapes.go:70:10:     from return func literal (return) at ./shapes.go:70:3
./shapes.go:67:12: parameter n leaks to {storage for func literal} for maker with derefs=0:
./shapes.go:67:12:   flow: {storage for func literal} ← n:
./shapes.go:67:12:     from n (captured by a closure) at ./shapes.go:70:34
./shapes.go:68:9: func literal escapes to heap in maker:
./shapes.go:68:9:   flow: ~r0 ← &{storage for func literal}:
./shapes.go:68:9:     from func literal (spill) at ./shapes.go:68:9
./shapes.go:68:9:     from return func literal (return) at ./shapes.go:68:2
./shapes.go:67:12: parameter n leaks to {storage for func literal} for maker with derefs=0:
./shapes.go:67:12:   flow: {storage for func literal} ← n:
./shapes.go:67:12:     from n (captured by a closure) at ./shapes.go:69:8
./shapes.go:68:9: func literal escapes to heap
./shapes.go:70:10: func literal escapes to heap
./shapes.go:89:10: seq capturing by value: n (addr=false assign=false width=8)
./shapes.go:90:9: func literal escapes to heap in seq:
./shapes.go:90:9:   flow: ~r0 ← &{storage for func literal}:
./shapes.go:90:9:     from func literal (spill) at ./shapes.go:90:9
./shapes.go:90:9:     from return func literal (return) at ./shapes.go:90:2
./shapes.go:89:10: parameter n leaks to {storage for func literal} for seq with derefs=0:
./shapes.go:89:10:   flow: {storage for func literal} ← n:
./shapes.go:89:10:     from n (captured by a closure) at ./shapes.go:91:19
./shapes.go:90:14: yield does not escape
./shapes.go:90:9: func literal escapes to heap
./shapes.go:99:13: parameter b leaks to ~r0 for header with derefs=0:
./shapes.go:99:13:   flow: ~r0 ← b:
./shapes.go:99:13:     from <node unsafe.SliceData> (call parameter) at ./shapes.go:99:75
./shapes.go:99:13:     from return (*int)(unsafe.Pointer(<node unsafe.SliceData>)) (return) at ./shapes.go:99:30
./shapes.go:99:13: leaking param: b to result ~r0 level=0
./shapes.go:103:8: "x" escapes to heap in recovers:
./shapes.go:103:8:   flow: {heap} ← &{storage for "x"}:
./shapes.go:103:8:     from "x" (spill) at ./shapes.go:103:8
./shapes.go:103:8:     from panic("x") (call parameter) at ./shapes.go:103:7
./shapes.go:101:18: recovers capturing by ref: r (addr=false assign=true width=16)
./shapes.go:102:8: func literal does not escape
./shapes.go:103:8: "x" escapes to heap
./shapes.go:106:11: parameter p leaks to ~r0 for pair with derefs=0:
./shapes.go:106:11:   flow: ~r0 ← p:
./shapes.go:106:11:     from return p, nil (return) at ./shapes.go:106:35
./shapes.go:106:11: leaking param: p to result ~r0 level=0
./shapes.go:112:2: total escapes to heap in main:
./shapes.go:112:2:   flow: {heap} ← &total:
./shapes.go:112:2:     from &total (address-of) at ./shapes.go:117:28
./shapes.go:112:2:     from map[string]*int{...} (map literal value) at ./shapes.go:117:22
./shapes.go:120:9: append(s.items, v) escapes to heap in main:
./shapes.go:120:9:   flow: {heap} ← &{storage for append(s.items, v)}:
./shapes.go:120:9:     from append(s.items, v) (spill) at ./shapes.go:120:9
./shapes.go:120:9:     from s.items = append(s.items, v) (assign) at ./shapes.go:120:9
./shapes.go:132:5: func literal escapes to heap in main:
./shapes.go:132:5:   flow: {heap} ← &{storage for func literal}:
./shapes.go:132:5:     from func literal (spill) at ./shapes.go:132:5
./shapes.go:115:12: main capturing by value: n (addr=false assign=false width=8)
./shapes.go:69:3: main.maker.func5 capturing by value: m (addr=false assign=false width=8)
./shapes.go:115:12: main capturing by value: n (addr=false assign=false width=8)
./shapes.go:116:11: main capturing by value: m (addr=false assign=false width=8)
./shapes.go:115:12: main capturing by value: n (addr=false assign=false width=8)
./shapes.go:122:20: main capturing by value: n (addr=false assign=false width=8)
./shapes.go:112:2: main capturing by ref: total (addr=true assign=false width=8)
./shapes.go:112:2: total escapes to heap in main:
./shapes.go:112:2:   flow: {storage for func literal} ← &total:
./shapes.go:112:2:     from total (captured by a closure) at ./shapes.go:132:22
./shapes.go:112:2:     from total (reference) at ./shapes.go:132:22
./shapes.go:129:21: &named{...} escapes to heap in main:
./shapes.go:129:21:   flow: r ← &{storage for &named{...}}:
./shapes.go:129:21:     from &named{...} (spill) at ./shapes.go:129:21
./shapes.go:129:21:     from ring{...} (struct literal element) at ./shapes.go:129:20
./shapes.go:129:21:     from ring{...} (interface-converted) at ./shapes.go:129:20
./shapes.go:129:21:     from r := ring{...} (assign) at ./shapes.go:129:6
./shapes.go:129:21:   flow: {temp} ← r:
./shapes.go:129:21:   flow: {heap} ← {temp}:
./shapes.go:70:10: func literal escapes to heap in main.maker.func5:
./shapes.go:70:10:   flow: ~r0 ← &{storage for func literal}:
./shapes.go:70:10:     from func literal (spill) at ./shapes.go:70:10
./shapes.go:70:10:     from return func literal (return) at ./shapes.go:70:3
./shapes.go:90:14: yield does not escape
./shapes.go:112:2: moved to heap: total
./shapes.go:109:11: square{...} does not escape
./shapes.go:109:11: square{...} does not escape
./shapes.go:111:20: []int{...} does not escape
./shapes.go:113:12: []int{...} does not escape
./shapes.go:115:12: func literal does not escape
./shapes.go:70:10: func literal escapes to heap
./shapes.go:116:11: func literal does not escape
./shapes.go:117:22: map[string]*int{...} does not escape
./shapes.go:118:18: make([]go.shape.string, 0, len(m)) does not escape
./shapes.go:118:18: append does not escape
./shapes.go:120:9: append escapes to heap
./shapes.go:122:20: func literal does not escape
./shapes.go:125:24: ([]byte)("12345678") does not escape
./shapes.go:125:24: zero-copy string->[]byte conversion
./shapes.go:129:21: &named{...} escapes to heap
./shapes.go:130:8: r.area does not escape
./shapes.go:132:5: func literal escapes to heap
./shapes.go:133:2: func literal does not escape
./shapes.go:118:27: a does not escape
./shapes.go:118:30: b does not escape
./shapes.go:87:7: parameter s leaks to ~r0 for (*stack[go.shape.*uint8]).top with derefs=1:
./shapes.go:87:7:   flow: ~r0 ← *s:
./shapes.go:87:7:     from s.items (dot of pointer) at ./shapes.go:87:41
./shapes.go:87:7:     from s.items[len(s.items) - 1] (dot of pointer) at ./shapes.go:87:47
./shapes.go:87:7:     from &s.items[len(s.items) - 1] (address-of) at ./shapes.go:87:39
./shapes.go:87:7:     from return &s.items[len(s.items) - 1] (return) at ./shapes.go:87:32
./shapes.go:86:48: append(s.items, v) escapes to heap in (*stack[go.shape.*uint8]).push:
./shapes.go:86:48:   flow: {heap} ← &{storage for append(s.items, v)}:
./shapes.go:86:48:     from append(s.items, v) (spill) at ./shapes.go:86:48
./shapes.go:86:48:     from s.items = append(s.items, v) (assign) at ./shapes.go:86:40
./shapes.go:86:25: parameter v leaks to {heap} for (*stack[go.shape.*uint8]).push with derefs=0:
./shapes.go:86:25:   flow: {heap} ← v:
./shapes.go:86:25:     from append(s.items, v) (call parameter) at ./shapes.go:86:48
./shapes.go:86:7: parameter s leaks to {heap} for (*stack[go.shape.*uint8]).push with derefs=1:
./shapes.go:86:7:   flow: {temp} ← *s:
./shapes.go:86:7:     from s.items (dot of pointer) at ./shapes.go:86:50
./shapes.go:86:7:     from append(s.items, v) (call parameter) at ./shapes.go:86:48
./shapes.go:86:7:   flow: {temp} ← {temp}:
./shapes.go:86:7:   flow: {heap} ← {temp}:
./shapes.go:86:7:     from s.items = append(s.items, v) (assign) at ./shapes.go:86:40
./shapes.go:86:48: append escapes to heap
./shapes.go:87:7: parameter s leaks to ~r0 for (*stack[*int]).top with derefs=1:
./shapes.go:87:7:   flow: s ← s:
./shapes.go:87:7:     from s, .dict := s, &.dict.stack[*int] (assign-pair) at ./shapes.go:87:6
./shapes.go:87:7:   flow: ~r0 ← *s:
./shapes.go:87:7:     from s.items (dot of pointer) at ./shapes.go:87:6
./shapes.go:87:7:     from s.items[len(s.items) - 1] (dot of pointer) at ./shapes.go:87:6
./shapes.go:87:7:     from &s.items[len(s.items) - 1] (address-of) at ./shapes.go:87:6
./shapes.go:87:7:     from ~r0 = &s.items[len(s.items) - 1] (assign-pair) at ./shapes.go:87:6
./shapes.go:87:7:   flow: ~r0 ← ~r0:
./shapes.go:87:7:     from return ~r0 (return) at ./shapes.go:87:6
./shapes.go:86:6: append(s.items, v) escapes to heap in (*stack[*int]).push:
./shapes.go:86:6:   flow: {heap} ← &{storage for append(s.items, v)}:
./shapes.go:86:6:     from append(s.items, v) (spill) at ./shapes.go:86:6
./shapes.go:86:6:     from s.items = append(s.items, v) (assign) at ./shapes.go:86:6
./shapes.go:86:25: parameter v leaks to {heap} for (*stack[*int]).push with derefs=0:
./shapes.go:86:25:   flow: v ← v:
./shapes.go:86:25:     from s, .dict, v := s, &.dict.stack[*int], v (assign-pair) at ./shapes.go:86:6
./shapes.go:86:25:   flow: {heap} ← v:
./shapes.go:86:25:     from append(s.items, v) (call parameter) at ./shapes.go:86:6
./shapes.go:86:7: parameter s leaks to {heap} for (*stack[*int]).push with derefs=1:
./shapes.go:86:7:   flow: s ← s:
./shapes.go:86:7:     from s, .dict, v := s, &.dict.stack[*int], v (assign-pair) at ./shapes.go:86:6
./shapes.go:86:7:   flow: {temp} ← *s:
./shapes.go:86:7:     from s.items (dot of pointer) at ./shapes.go:86:6
./shapes.go:86:7:     from append(s.items, v) (call parameter) at ./shapes.go:86:6
./shapes.go:86:7:   flow: {temp} ← {temp}:
./shapes.go:86:7:   flow: {heap} ← {temp}:
./shapes.go:86:7:     from s.items = append(s.items, v) (assign) at ./shapes.go:86:6
./shapes.go:86:6: append escapes to heap
./shapes.go:75:13: make([]go.shape.string, 0, len(m)) escapes to heap in keys[go.shape.string,go.shape.*uint8]:
./shapes.go:75:13:   flow: out ← &{storage for make([]go.shape.string, 0, len(m))}:
./shapes.go:75:13:     from make([]go.shape.string, 0, len(m)) (spill) at ./shapes.go:75:13
./shapes.go:75:13:     from out := make([]go.shape.string, 0, len(m)) (assign) at ./shapes.go:75:6
./shapes.go:75:13:   flow: ~r0 ← out:
./shapes.go:75:13:     from return out (return) at ./shapes.go:81:2
./shapes.go:78:16: append(out, k) escapes to heap in keys[go.shape.string,go.shape.*uint8]:
./shapes.go:78:16:   flow: out ← &{storage for append(out, k)}:
./shapes.go:78:16:     from append(out, k) (spill) at ./shapes.go:78:16
./shapes.go:78:16:     from out = append(out, k) (assign) at ./shapes.go:78:8
./shapes.go:78:16:   flow: ~r0 ← out:
./shapes.go:78:16:     from return out (return) at ./shapes.go:81:2
./shapes.go:75:13: make([]go.shape.string, 0, len(m)) escapes to heap
./shapes.go:78:16: append escapes to heap
./shapes.go:74:6: make([]go.shape.string, 0, len(m)) escapes to heap in keys[string,*int]:
./shapes.go:74:6:   flow: out ← &{storage for make([]go.shape.string, 0, len(m))}:
./shapes.go:74:6:     from make([]go.shape.string, 0, len(m)) (spill) at ./shapes.go:74:6
./shapes.go:74:6:     from out := make([]go.shape.string, 0, len(m)) (assign) at ./shapes.go:74:6
./shapes.go:74:6:   flow: ~r0 ← out:
./shapes.go:74:6:     from ~r0 = out (assign-pair) at ./shapes.go:74:6
./shapes.go:74:6:   flow: ~r0 ← ~r0:
./shapes.go:74:6:     from return ~r0 (return) at ./shapes.go:74:6
./shapes.go:74:6: append(out, k) escapes to heap in keys[string,*int]:
./shapes.go:74:6:   flow: out ← &{storage for append(out, k)}:
./shapes.go:74:6:     from append(out, k) (spill) at ./shapes.go:74:6
./shapes.go:74:6:     from out = append(out, k) (assign) at ./shapes.go:74:6
./shapes.go:74:6:   flow: ~r0 ← out:
./shapes.go:74:6:     from ~r0 = out (assign-pair) at ./shapes.go:74:6
./shapes.go:74:6:   flow: ~r0 ← ~r0:
./shapes.go:74:6:     from return ~r0 (return) at ./shapes.go:74:6
./shapes.go:74:6: make([]go.shape.string, 0, len(m)) escapes to heap
./shapes.go:74:6: append escapes to heap
<autogenerated>:1: parameter ~p0 leaks to {heap} for shape.area with derefs=0:
<autogenerated>:1:   flow: {heap} ← ~p0:
<autogenerated>:1:     from ~p0.area() (call parameter) at <autogenerated>:1
<autogenerated>:1: parameter .this leaks to {heap} for shape.area-fm with derefs=0:
<autogenerated>:1:   flow: {heap} ← .this:
<autogenerated>:1:     from .this.area() (call parameter) at <autogenerated>:1
