package runtime

// gcPrint writes a line for GODEBUG=gctrace=1 about a cycle whose marking ended just now.
func gcPrint(markEnd, end int64, goal uintptr) {
	printlock()
	util := int(0)
	if total := end - startTime; total > 0 {
		util = int(gcs.cpuTime * 100 / total)
	}
	phases := [3]int64{gcs.startPause, markEnd - gcs.startTime - gcs.startPause, end - markEnd}
	print("gc ", gcs.numGC, " @")
	printSeconds(gcs.startTime - startTime)
	print("s ", util, "%: ")
	for i, ns := range phases {
		if i != 0 {
			print("+")
		}
		printMillis(ns)
	}
	print(" ms clock, ")
	printMillis(phases[0])
	print("+")
	for i, ns := range gcs.slices {
		if i != 0 {
			print("/")
		}
		printMillis(ns)
	}
	print("+")
	printMillis(phases[2])
	print(" ms cpu, ", gcs.liveBefore>>20, "->", gcs.liveAfter>>20, "->", gcs.marked>>20, " MB, ", goal>>20, " MB goal, ",
		gcs.stackScan>>20, " MB stacks, ", gcs.globalsScan>>20, " MB globals, ", gomaxprocs, " P")
	if gcs.why == gcTriggerForced {
		print(" (forced)")
	}
	print("\n")
	printunlock()
}

func printSeconds(ns int64) {
	ms := ns / 1e6
	print(ms/1000, ".")
	rest := ms % 1000
	if rest < 100 {
		print("0")
	}
	if rest < 10 {
		print("0")
	}
	print(rest)
}

// printMillis prints milliseconds with two significant digits, at most three decimals.
func printMillis(ns int64) {
	if ns >= 10e6 {
		print(ns / 1e6)
		return
	}
	us := ns / 1000
	if us == 0 {
		print("0")
		return
	}
	decimals := 3
	for us >= 100 {
		us /= 10
		decimals--
	}
	scale := int64(1)
	for i := 0; i < decimals; i++ {
		scale *= 10
	}
	print(us/scale, ".")
	frac := us % scale
	for scale /= 10; scale > 0; scale /= 10 {
		print(frac / scale)
		frac %= scale
	}
}
