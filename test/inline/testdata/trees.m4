./trees.go:6:6: can inline add with cost 4 as: func(int, int) int { return a + b }
./trees.go:8:6: can inline mk with cost 21 as: func(int) *S { s := &S{...}; s.b = add(n, 1); return s }
./trees.go:16:7: can inline main.func1 with cost 4 as: func() { x.a++ }
./trees.go:14:6: can inline main with cost 63 as: func() { x := mk(3); f := func literal; f(); for loop }
./trees.go:10:11:call to func 
.   NAME-main.add Class:PFUNC Offset:0 Used FUNC-func(int, int) int tc(1) # trees.go:6:6
./trees.go:10:11: inlining call to add
./trees.go:10:11: Before inlining: 
.   CALLFUNC int tc(1) # trees.go:10:11
.   CALLFUNC-Fun
.   .   NAME-main.add Class:PFUNC Offset:0 Used FUNC-func(int, int) int tc(1) # trees.go:6:6
.   CALLFUNC-Args
.   .   NAME-main.n Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:8:9
.   .   LITERAL-1 int tc(1) # trees.go:10:15
./trees.go:10:11: After inlining 
.   INLCALL-init
.   .   AS2-init
.   .   .   DCL # trees.go:10:11
.   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   .   DCL # trees.go:10:11
.   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   AS2 Def tc(1) # trees.go:10:11
.   .   AS2-Lhs
.   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   AS2-Rhs
.   .   .   NAME-main.n Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:8:9
.   .   .   LITERAL-1 int tc(1) # trees.go:10:15
.   .   INLMARK # +trees.go:10:11
.   INLCALL int tc(1) # trees.go:10:11
.   INLCALL-Body
.   .   BLOCK tc(1) # trees.go:10:11
.   .   BLOCK-List
.   .   .   DCL tc(1) # trees.go:10:11
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20
.   .   .   AS2 tc(1) # trees.go:10:11
.   .   .   AS2-Lhs
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20
.   .   .   AS2-Rhs
.   .   .   .   ADD int tc(1) # trees.go:10:11 trees.go:6:35
.   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   .   GOTO main..i0 tc(1) # trees.go:10:11
.   .   LABEL main..i0 # trees.go:10:11
.   INLCALL-ReturnVars
.   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20

./trees.go:15:9:call to func 
.   NAME-main.mk Class:PFUNC Offset:0 Used FUNC-func(int) *S tc(1) # trees.go:8:6
./trees.go:15:9: inlining call to mk
./trees.go:15:9: Before inlining: 
.   CALLFUNC PTR-*S tc(1) # trees.go:15:9
.   CALLFUNC-Fun
.   .   NAME-main.mk Class:PFUNC Offset:0 Used FUNC-func(int) *S tc(1) # trees.go:8:6
.   CALLFUNC-Args
.   .   LITERAL-3 int tc(1) # trees.go:15:10
./trees.go:15:9: After inlining 
.   INLCALL-init
.   .   AS2-init
.   .   .   DCL # trees.go:15:9
.   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   AS2 Def tc(1) # trees.go:15:9
.   .   AS2-Lhs
.   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   AS2-Rhs
.   .   .   LITERAL-3 int tc(1) # trees.go:15:10
.   .   INLMARK Index:1 # +trees.go:15:9
.   INLCALL PTR-*S tc(1) # trees.go:15:9
.   INLCALL-Body
.   .   AS-init
.   .   .   DCL # trees.go:15:9 trees.go:9:2
.   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   AS Def tc(1) # trees.go:15:9 trees.go:9:4
.   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   PTRLIT PTR-*S tc(1) # trees.go:15:9 trees.go:9:7
.   .   .   .   STRUCTLIT main.S tc(1) # trees.go:15:9 trees.go:9:9
.   .   .   .   STRUCTLIT-List
.   .   .   .   .   STRUCTKEY main.a # trees.go:15:9 trees.go:9:10
.   .   .   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   AS tc(1) # trees.go:15:9 trees.go:10:6
.   .   .   DOTPTR main.b int tc(1) # trees.go:15:9 trees.go:10:3
.   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   CALLFUNC int tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   CALLFUNC-Fun
.   .   .   .   NAME-main.add Class:PFUNC Offset:0 Used FUNC-func(int, int) int tc(1) # trees.go:6:6
.   .   .   CALLFUNC-Args
.   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   .   .   LITERAL-1 int tc(1) # trees.go:15:9 trees.go:10:15
.   .   BLOCK tc(1) # trees.go:15:9
.   .   BLOCK-List
.   .   .   DCL tc(1) # trees.go:15:9
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16
.   .   .   AS2 tc(1) # trees.go:15:9
.   .   .   AS2-Lhs
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16
.   .   .   AS2-Rhs
.   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   GOTO main..i0 tc(1) # trees.go:15:9
.   .   LABEL main..i0 # trees.go:15:9
.   INLCALL-ReturnVars
.   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16

./trees.go:17:3:call to func 
.   NAME-main.f Class:PAUTO Offset:0 OnStack Used FUNC-func() tc(1) # trees.go:16:2
./trees.go:17:3: inlining call to main.func1
./trees.go:17:3: Before inlining: 
.   CALLFUNC tc(1) # trees.go:17:3
.   CALLFUNC-Fun
.   .   NAME-main.f Class:PAUTO Offset:0 OnStack Used FUNC-func() tc(1) # trees.go:16:2
./trees.go:17:3: After inlining 
.   INLCALL-init
.   .   AS2 Def tc(1) # trees.go:17:3
.   .   INLMARK Index:2 # +trees.go:17:3
.   INLCALL tc(1) # trees.go:17:3
.   INLCALL-Body
.   .   ASOP-ADD AsOp:ADD IncDec tc(1) # trees.go:17:3 trees.go:16:19
.   .   .   DOTPTR main.a int tc(1) # trees.go:17:3 trees.go:16:17
.   .   .   .   NAME-main.x Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:15:2
.   .   .   LITERAL-1 int tc(1) # trees.go:17:3 trees.go:16:19
.   .   LABEL main..i1 # trees.go:17:3

./trees.go:15:9:call to func 
.   NAME-main.add Class:PFUNC Offset:0 Used FUNC-func(int, int) int tc(1) # trees.go:6:6
./trees.go:15:9: inlining call to add
./trees.go:15:9: Before inlining: 
.   CALLFUNC int tc(1) # trees.go:15:9 trees.go:10:11
.   CALLFUNC-Fun
.   .   NAME-main.add Class:PFUNC Offset:0 Used FUNC-func(int, int) int tc(1) # trees.go:6:6
.   CALLFUNC-Args
.   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   LITERAL-1 int tc(1) # trees.go:15:9 trees.go:10:15
./trees.go:15:9: After inlining 
.   INLCALL-init
.   .   AS2-init
.   .   .   DCL # trees.go:15:9 trees.go:10:11
.   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   .   DCL # trees.go:15:9 trees.go:10:11
.   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   AS2 Def tc(1) # trees.go:15:9 trees.go:10:11
.   .   AS2-Lhs
.   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   AS2-Rhs
.   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   .   LITERAL-1 int tc(1) # trees.go:15:9 trees.go:10:15
.   .   INLMARK Index:3 # +trees.go:15:9 trees.go:10:11
.   INLCALL int tc(1) # trees.go:15:9 trees.go:10:11
.   INLCALL-Body
.   .   BLOCK tc(1) # trees.go:15:9 trees.go:10:11
.   .   BLOCK-List
.   .   .   DCL tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20
.   .   .   AS2 tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   AS2-Lhs
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20
.   .   .   AS2-Rhs
.   .   .   .   ADD int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:35
.   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   .   GOTO main..i2 tc(1) # trees.go:15:9 trees.go:10:11
.   .   LABEL main..i2 # trees.go:15:9 trees.go:10:11
.   INLCALL-ReturnVars
.   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20

escAnalyze
.   DCLFUNC esc(no) main.add ABI:ABIInternal ABIRefs:{ABIInternal} InlinabilityChecked FUNC-func(int, int) int tc(1) # trees.go:6:6
.   DCLFUNC-Dcl
.   .   NAME-main.a Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:6:10
.   .   NAME-main.b Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:6:13
.   .   NAME-main.~r0 Class:PPARAMOUT Offset:0 OnStack int tc(1) # trees.go:6:20
.   DCLFUNC-body
.   .   RETURN tc(1) # trees.go:6:26
.   .   RETURN-Results
.   .   .   ADD int tc(1) # trees.go:6:35
.   .   .   .   NAME-main.a Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:6:10
.   .   .   .   NAME-main.b Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:6:13
./trees.go:6:26:[1] add stmt: return a + b
escAnalyze
.   DCLFUNC esc(no) main.mk Label:1 ABI:ABIInternal ABIRefs:{ABIInternal} InlinabilityChecked FUNC-func(int) *S tc(1) # trees.go:8:6
.   DCLFUNC-Dcl
.   .   NAME-main.n Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:8:9
.   .   NAME-main.~r0 Class:PPARAMOUT Offset:0 OnStack PTR-*S tc(1) # trees.go:8:16
.   .   NAME-main.s Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:9:2
.   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20
.   DCLFUNC-body
.   .   AS-init
.   .   .   DCL # trees.go:9:2
.   .   .   .   NAME-main.s Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:9:2
.   .   AS Def tc(1) # trees.go:9:4
.   .   .   NAME-main.s Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:9:2
.   .   .   PTRLIT PTR-*S tc(1) # trees.go:9:7
.   .   .   .   STRUCTLIT main.S tc(1) # trees.go:9:9
.   .   .   .   STRUCTLIT-List
.   .   .   .   .   STRUCTKEY main.a # trees.go:9:10
.   .   .   .   .   .   NAME-main.n Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:8:9
.   .   AS tc(1) # trees.go:10:6
.   .   .   DOTPTR main.b int tc(1) # trees.go:10:3
.   .   .   .   NAME-main.s Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:9:2
.   .   .   INLCALL-init
.   .   .   .   AS2-init
.   .   .   .   .   DCL # trees.go:10:11
.   .   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   .   .   .   DCL # trees.go:10:11
.   .   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   .   .   AS2 Def tc(1) # trees.go:10:11
.   .   .   .   AS2-Lhs
.   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   .   .   AS2-Rhs
.   .   .   .   .   NAME-main.n Class:PPARAM Offset:0 OnStack Used int tc(1) # trees.go:8:9
.   .   .   .   .   LITERAL-1 int tc(1) # trees.go:10:15
.   .   .   .   INLMARK # +trees.go:10:11
.   .   .   INLCALL int tc(1) # trees.go:10:11
.   .   .   INLCALL-Body
.   .   .   .   BLOCK tc(1) # trees.go:10:11
.   .   .   .   BLOCK-List
.   .   .   .   .   DCL tc(1) # trees.go:10:11
.   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20
.   .   .   .   .   AS2 tc(1) # trees.go:10:11
.   .   .   .   .   AS2-Lhs
.   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20
.   .   .   .   .   AS2-Rhs
.   .   .   .   .   .   ADD int tc(1) # trees.go:10:11 trees.go:6:35
.   .   .   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:10
.   .   .   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:10:11 trees.go:6:13
.   .   .   .   .   GOTO main..i0 tc(1) # trees.go:10:11
.   .   .   .   LABEL main..i0 # trees.go:10:11
.   .   .   INLCALL-ReturnVars
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:10:11 trees.go:6:20
.   .   RETURN tc(1) # trees.go:11:2
.   .   RETURN-Results
.   .   .   NAME-main.s Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:9:2
./trees.go:9:4:[1] mk stmt: s := &S{...}
./trees.go:9:2:[1] mk stmt: var s *S
./trees.go:10:6:[1] mk stmt: s.b = ~r0
./trees.go:10:11:[1] mk stmt: a, b := n, 1
./trees.go:10:11:[1] mk stmt: var a int
./trees.go:10:11:[1] mk stmt: var b int
./trees.go:10:11:[1] mk stmt: <node inlmark>
./trees.go:10:11:[1] mk stmt: var ~r0 int; ~r0 = a + b; goto .i0
./trees.go:10:11:[1] mk stmt: var ~r0 int
./trees.go:10:11:[1] mk stmt: ~r0 = a + b
./trees.go:10:11:[1] mk stmt: goto .i0
./trees.go:10:11:[1] mk stmt: .i0: 
./trees.go:10:11:.i0:  non-looping label
./trees.go:11:2:[1] mk stmt: return s
./trees.go:9:7: &S{...} escapes to heap in mk:
./trees.go:9:7:   flow: s ← &{storage for &S{...}}:
./trees.go:9:7:     from &S{...} (spill) at ./trees.go:9:7
./trees.go:9:7:     from s := &S{...} (assign) at ./trees.go:9:4
./trees.go:9:7:   flow: ~r0 ← s:
./trees.go:9:7:     from return s (return) at ./trees.go:11:2
./trees.go:9:7: &S{...} escapes to heap
escAnalyze
.   DCLFUNC esc(no) main.main Label:3 ABI:ABIInternal ABIRefs:{ABIInternal} InlinabilityChecked FUNC-func() tc(1) # trees.go:14:6
.   DCLFUNC-Dcl
.   .   NAME-main.x Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:15:2
.   .   NAME-main.f Class:PAUTO Offset:0 OnStack Used FUNC-func() tc(1) # trees.go:16:2
.   .   NAME-main.i Class:PAUTO Offset:0 OnStack Used int tc(1) # trees.go:18:6
.   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16
.   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20
.   DCLFUNC-body
.   .   AS-init
.   .   .   DCL # trees.go:15:2
.   .   .   .   NAME-main.x Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:15:2
.   .   AS Def tc(1) # trees.go:15:4
.   .   .   NAME-main.x Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:15:2
.   .   .   INLCALL-init
.   .   .   .   AS2-init
.   .   .   .   .   DCL # trees.go:15:9
.   .   .   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   .   .   AS2 Def tc(1) # trees.go:15:9
.   .   .   .   AS2-Lhs
.   .   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   .   .   AS2-Rhs
.   .   .   .   .   LITERAL-3 int tc(1) # trees.go:15:10
.   .   .   .   INLMARK Index:1 # +trees.go:15:9
.   .   .   INLCALL PTR-*S tc(1) # trees.go:15:9
.   .   .   INLCALL-Body
.   .   .   .   AS-init
.   .   .   .   .   DCL # trees.go:15:9 trees.go:9:2
.   .   .   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   .   AS Def tc(1) # trees.go:15:9 trees.go:9:4
.   .   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   .   .   PTRLIT PTR-*S tc(1) # trees.go:15:9 trees.go:9:7
.   .   .   .   .   .   STRUCTLIT main.S tc(1) # trees.go:15:9 trees.go:9:9
.   .   .   .   .   .   STRUCTLIT-List
.   .   .   .   .   .   .   STRUCTKEY main.a # trees.go:15:9 trees.go:9:10
.   .   .   .   .   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   .   .   AS tc(1) # trees.go:15:9 trees.go:10:6
.   .   .   .   .   DOTPTR main.b int tc(1) # trees.go:15:9 trees.go:10:3
.   .   .   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   .   .   INLCALL-init
.   .   .   .   .   .   AS2-init
.   .   .   .   .   .   .   DCL # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   .   .   .   .   .   DCL # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   .   .   .   .   AS2 Def tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   AS2-Lhs
.   .   .   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   .   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   .   .   .   .   AS2-Rhs
.   .   .   .   .   .   .   NAME-main.n Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:8:9
.   .   .   .   .   .   .   LITERAL-1 int tc(1) # trees.go:15:9 trees.go:10:15
.   .   .   .   .   .   INLMARK Index:3 # +trees.go:15:9 trees.go:10:11
.   .   .   .   .   INLCALL int tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   .   INLCALL-Body
.   .   .   .   .   .   BLOCK tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   BLOCK-List
.   .   .   .   .   .   .   DCL tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20
.   .   .   .   .   .   .   AS2 tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   .   AS2-Lhs
.   .   .   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20
.   .   .   .   .   .   .   AS2-Rhs
.   .   .   .   .   .   .   .   ADD int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:35
.   .   .   .   .   .   .   .   .   NAME-main.a Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:10
.   .   .   .   .   .   .   .   .   NAME-main.b Class:PAUTO Offset:0 InlFormal OnStack Used int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:13
.   .   .   .   .   .   .   GOTO main..i2 tc(1) # trees.go:15:9 trees.go:10:11
.   .   .   .   .   .   LABEL main..i2 # trees.go:15:9 trees.go:10:11
.   .   .   .   .   INLCALL-ReturnVars
.   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack int tc(1) # trees.go:15:9 trees.go:10:11 trees.go:6:20
.   .   .   .   BLOCK tc(1) # trees.go:15:9
.   .   .   .   BLOCK-List
.   .   .   .   .   DCL tc(1) # trees.go:15:9
.   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16
.   .   .   .   .   AS2 tc(1) # trees.go:15:9
.   .   .   .   .   AS2-Lhs
.   .   .   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16
.   .   .   .   .   AS2-Rhs
.   .   .   .   .   .   NAME-main.s Class:PAUTO Offset:0 InlLocal OnStack Used PTR-*S tc(1) # trees.go:15:9 trees.go:9:2
.   .   .   .   .   GOTO main..i0 tc(1) # trees.go:15:9
.   .   .   .   LABEL main..i0 # trees.go:15:9
.   .   .   INLCALL-ReturnVars
.   .   .   .   NAME-main.~r0 Class:PAUTO Offset:0 InlFormal OnStack PTR-*S tc(1) # trees.go:15:9 trees.go:8:16
.   .   AS-init
.   .   .   DCL # trees.go:16:2
.   .   .   .   NAME-main.f Class:PAUTO Offset:0 OnStack Used FUNC-func() tc(1) # trees.go:16:2
.   .   AS Def tc(1) # trees.go:16:4
.   .   .   NAME-main._ Offset:0 blank tc(1)
.   .   .   LITERAL-0 int tc(1) # <autogenerated>:1:0
.   .   INLCALL-init
.   .   .   AS2 Def tc(1) # trees.go:17:3
.   .   .   INLMARK Index:2 # +trees.go:17:3
.   .   INLCALL tc(1) # trees.go:17:3
.   .   INLCALL-Body
.   .   .   ASOP-ADD AsOp:ADD IncDec tc(1) # trees.go:17:3 trees.go:16:19
.   .   .   .   DOTPTR main.a int tc(1) # trees.go:17:3 trees.go:16:17
.   .   .   .   .   NAME-main.x Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:15:2
.   .   .   .   LITERAL-1 int tc(1) # trees.go:17:3 trees.go:16:19
.   .   .   LABEL main..i1 # trees.go:17:3
.   .   RANGE-init
.   .   .   DCL # trees.go:18:6
.   .   .   .   NAME-main.i Class:PAUTO Offset:0 OnStack Used int tc(1) # trees.go:18:6
.   .   RANGE Def tc(1) # trees.go:18:11
.   .   .   LITERAL-3 int tc(1) # trees.go:18:17
.   .   RANGE-Key
.   .   .   NAME-main.i Class:PAUTO Offset:0 OnStack Used int tc(1) # trees.go:18:6
.   .   RANGE-Body
.   .   .   PRINTLN tc(1) # trees.go:19:10
.   .   .   PRINTLN-Args
.   .   .   .   NAME-main.i Class:PAUTO Offset:0 OnStack Used int tc(1) # trees.go:18:6
.   .   .   .   DOTPTR main.b int tc(1) # trees.go:19:15
.   .   .   .   .   NAME-main.x Class:PAUTO Offset:0 OnStack Used PTR-*S tc(1) # trees.go:15:2
./trees.go:15:4:[1] main stmt: x := ~r0
./trees.go:15:2:[1] main stmt: var x *S
./trees.go:15:9:[1] main stmt: n := 3
./trees.go:15:9:[1] main stmt: var n int
./trees.go:15:9:[1] main stmt: <node inlmark>
./trees.go:15:9:[1] main stmt: s := &S{...}
./trees.go:15:9:[1] main stmt: var s *S
./trees.go:15:9:[1] main stmt: s.b = ~r0
./trees.go:15:9:[1] main stmt: a, b := n, 1
./trees.go:15:9:[1] main stmt: var a int
./trees.go:15:9:[1] main stmt: var b int
./trees.go:15:9:[1] main stmt: <node inlmark>
./trees.go:15:9:[1] main stmt: var ~r0 int; ~r0 = a + b; goto .i2
./trees.go:15:9:[1] main stmt: var ~r0 int
./trees.go:15:9:[1] main stmt: ~r0 = a + b
./trees.go:15:9:[1] main stmt: goto .i2
./trees.go:15:9:[1] main stmt: .i2: 
./trees.go:15:9:.i2:  non-looping label
./trees.go:15:9:[1] main stmt: var ~r0 *S; ~r0 = s; goto .i0
./trees.go:15:9:[1] main stmt: var ~r0 *S
./trees.go:15:9:[1] main stmt: ~r0 = s
./trees.go:15:9:[1] main stmt: goto .i0
./trees.go:15:9:[1] main stmt: .i0: 
./trees.go:15:9:.i0:  non-looping label
./trees.go:16:4:[1] main stmt: _ := 0
./trees.go:16:2:[1] main stmt: var f func()
./trees.go:17:3:[1] main stmt: (.)
./trees.go:17:3:[1] main stmt:  := 
./trees.go:17:3:[1] main stmt: <node inlmark>
./trees.go:17:3:[1] main stmt: x.a++
./trees.go:17:3:[1] main stmt: .i1: 
./trees.go:17:3:.i1:  non-looping label
./trees.go:18:11:[1] main stmt: for loop
./trees.go:18:6:[1] main stmt: var i int
./trees.go:19:10:[2] main stmt: println(i, x.b)
./trees.go:15:9: &S{...} does not escape
