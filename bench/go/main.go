// Go's side of the benchmarks of the runtime and of patterns: the same workloads as the Java package dev.weir.bench.cells and patterns, one in a process.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// What every number of goroutines or channels here divides.
const unit = 8000

func main() {
	name := os.Args[1]
	switch name {
	case "parked":
		parked()
		return
	case "pattern":
		pattern(os.Args[2], time.Duration(number(3))*time.Millisecond, number(4))
		return
	case "ticker":
		ticker(number(2))
		return
	case "alarm":
		alarm(number(2), false)
		return
	case "alarm-turns":
		alarm(number(2), true)
		return
	case "blocking":
		blocking(number(2), os.Args[3:])
		return
	}
	work, known := workloads[name]
	if !known {
		fmt.Fprintf(os.Stderr, "there is no workload '%s'\n", name)
		os.Exit(2)
	}
	measure(work, time.Duration(number(2))*time.Millisecond, time.Duration(number(3))*time.Millisecond)
}

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}

// measure warms up with ever longer runs until the process has had so much processor time, then measures one that takes
// about as long as was asked for.
func measure(work func(n int) time.Duration, warmUp, wanted time.Duration) {
	n := unit
	var each float64
	for {
		took := work(n)
		each = float64(took) / float64(n)
		if took < 50*time.Millisecond {
			n *= 2
		}
		if processorTime() >= warmUp {
			break
		}
	}
	units := int(float64(wanted) / each / unit)
	if units < 1 {
		units = 1
	}
	print("ns", float64(work(units*unit))/float64(units*unit))
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func print(name string, value float64) {
	fmt.Printf("%s %.3f\n", name, value)
}

// parked measures what a goroutine takes that waits for an element: the heap and the stacks after a collection with a
// hundred thousand of them, less those before.
func parked() {
	const count = 100000
	bytesOf(count)
	print("bytes", float64(bytesOf(count))/count)
}

func bytesOf(count int) int64 {
	before := usedAfterCollection()
	c := make(chan int)
	waiting := make(chan bool, count)
	released := make(chan bool, count)
	for i := 0; i < count; i++ {
		go func() {
			waiting <- true
			<-c
			released <- true
		}()
	}
	for i := 0; i < count; i++ {
		<-waiting
	}
	time.Sleep(300 * time.Millisecond)
	bytes := usedAfterCollection() - before
	for i := 0; i < count; i++ {
		c <- 1
	}
	for i := 0; i < count; i++ {
		<-released
	}
	return bytes
}

func usedAfterCollection() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc + stats.StackInuse)
}
