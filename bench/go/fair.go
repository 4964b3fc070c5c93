package main

import (
	"runtime"
	"runtime/pprof"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// flag is set once; goroutines ask for it all the time.
type flag int32

func (f *flag) set()        { atomic.StoreInt32((*int32)(f), 1) }
func (f *flag) isSet() bool { return atomic.LoadInt32((*int32)(f)) == 1 }

// beat is due at fixed instants. Each that is due while the one before is late counts, with its own lateness.
type beat struct {
	period   time.Duration
	lateness []time.Duration
}

func (b *beat) run(stop *flag, work func()) {
	due := time.Now().Add(b.period)
	for !stop.isSet() {
		time.Sleep(time.Until(due))
		now := time.Now()
		for ; !due.After(now); due = due.Add(b.period) {
			b.lateness = append(b.lateness, now.Sub(due))
		}
		work()
	}
}

func (b *beat) ignoreWarmUp() { b.lateness = b.lateness[:0] }

func printLateness(beats ...*beat) {
	var all []time.Duration
	for _, b := range beats {
		all = append(all, b.lateness...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	print("p50", float64(all[len(all)/2])/1e6)
	print("p99", float64(all[len(all)*99/100])/1e6)
	print("worst", float64(all[len(all)-1])/1e6)
	print("carriers", float64(pprof.Lookup("threadcreate").Count()))
}

// sink is where results go, so that the work cannot be left out.
var sink int64

func spinUntil(stop func() bool) {
	x := int64(1)
	for !stop() {
		for i := int64(0); i < 1000; i++ {
			x = x*31 + i
		}
	}
	atomic.StoreInt64(&sink, x)
}

func spinFor(d time.Duration) {
	end := time.Now().Add(d)
	spinUntil(func() bool { return !time.Now().Before(end) })
}

func nothing() {}

// ticker: a beat of 5 ms beside four goroutines that compute.
func ticker(seconds int) {
	b := &beat{period: 5 * time.Millisecond}
	var hogging, stop flag
	var hogs, ended sync.WaitGroup
	hogs.Add(4)
	ended.Add(1)
	go func() {
		b.run(&hogging, nothing)
		b.ignoreWarmUp()
		b.run(&stop, nothing)
		ended.Done()
	}()
	time.Sleep(500 * time.Millisecond)
	hogging.set()
	time.Sleep(50 * time.Millisecond)
	for i := 0; i < 4; i++ {
		go func() {
			spinFor(time.Duration(seconds) * time.Second)
			hogs.Done()
		}()
	}
	hogs.Wait()
	time.Sleep(100 * time.Millisecond)
	stop.set()
	ended.Wait()
	printLateness(b)
}

// alarm: one every 10 ms while a thousand goroutines compute, and yield after 20 ms or never.
func alarm(seconds int, turns bool) {
	b := &beat{period: 10 * time.Millisecond}
	var spinning, stop flag
	var ended sync.WaitGroup
	ended.Add(1)
	go func() {
		b.run(&spinning, nothing)
		b.ignoreWarmUp()
		b.run(&stop, nothing)
		ended.Done()
	}()
	time.Sleep(500 * time.Millisecond)
	spinning.set()
	time.Sleep(50 * time.Millisecond)
	for i := 0; i < 1000; i++ {
		go func() {
			if !turns {
				spinUntil(stop.isSet)
			}
			for !stop.isSet() {
				spinFor(20 * time.Millisecond)
				runtime.Gosched()
			}
		}()
	}
	time.Sleep(time.Duration(seconds) * time.Second)
	stop.set()
	ended.Wait()
	printLateness(b)
}

// blocking: workers that have something to do every millisecond, beside goroutines that read from files that make them
// wait. Opened by hand, since os.Open gives a FIFO to the poller and then no thread waits.
func blocking(seconds int, fifos []string) {
	beats := make([]*beat, 4)
	var reading, stop flag
	var ended sync.WaitGroup
	ended.Add(len(beats))
	work := func() { spinFor(100 * time.Microsecond) }
	for i := range beats {
		b := &beat{period: time.Millisecond}
		beats[i] = b
		go func() {
			b.run(&reading, work)
			b.ignoreWarmUp()
			b.run(&stop, work)
			ended.Done()
		}()
	}
	time.Sleep(500 * time.Millisecond)
	reading.set()
	time.Sleep(50 * time.Millisecond)
	for _, fifo := range fifos {
		fd, err := syscall.Open(fifo, syscall.O_RDONLY, 0)
		if err != nil {
			panic(err)
		}
		go func() {
			b := make([]byte, 1)
			for !stop.isSet() {
				if n, err := syscall.Read(fd, b); n < 1 || err != nil {
					return
				}
			}
		}()
	}
	time.Sleep(time.Duration(seconds) * time.Second)
	stop.set()
	ended.Wait()
	printLateness(beats...)
}
