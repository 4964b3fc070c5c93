package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Go's side of the patterns benchmark: the same shapes as the Java package dev.weir.bench.patterns.
var shapes = map[string]func(n int) map[string]float64{
	"pool-unbounded":       poolUnbounded,
	"pool-50":              poolOfFifty,
	"stages-short-one":     func(n int) map[string]float64 { return oneFunction(n, short) },
	"stages-short-four":    func(n int) map[string]float64 { return fourStages(n, short, 64) },
	"stages-long-one":      func(n int) map[string]float64 { return oneFunction(n, long) },
	"stages-long-four":     func(n int) map[string]float64 { return fourStages(n, long, 64) },
	"stages-wait-one":      func(n int) map[string]float64 { return oneFunction(n, waits) },
	"stages-wait-four":     func(n int) map[string]float64 { return fourStages(n, waits, 1) },
	"risk-loop":            riskLoop,
	"risk-1":               func(n int) map[string]float64 { return riskOver(1, n) },
	"risk-8":               func(n int) map[string]float64 { return riskOver(8, n) },
	"risk-100":             func(n int) map[string]float64 { return riskOver(100, n) },
	"risk-150":             func(n int) map[string]float64 { return riskOver(150, n) },
	"clients-lock":         clientsLocked,
	"clients-channels":     clientsChannels,
	"merge-1000":           func(n int) map[string]float64 { return merging(1000, n) },
	"merge-8":              func(n int) map[string]float64 { return merging(8, n) },
	"buffers-256-fresh":    func(n int) map[string]float64 { return buffers(256, false, n) },
	"buffers-256-pooled":   func(n int) map[string]float64 { return buffers(256, true, n) },
	"buffers-4096-fresh":   func(n int) map[string]float64 { return buffers(4096, false, n) },
	"buffers-4096-pooled":  func(n int) map[string]float64 { return buffers(4096, true, n) },
	"buffers-65536-fresh":  func(n int) map[string]float64 { return buffers(65536, false, n) },
	"buffers-65536-pooled": func(n int) map[string]float64 { return buffers(65536, true, n) },
}

// pattern warms up as the JVM does, then measures one run and the most that was resident meanwhile.
func pattern(name string, warmUp time.Duration, n int) {
	shape, known := shapes[name]
	if !known {
		fmt.Fprintf(os.Stderr, "there is no shape '%s'\n", name)
		os.Exit(2)
	}
	begin := time.Now()
	for {
		shape(max(1, n/10))
		if processorTime() >= warmUp || time.Since(begin) >= 3*warmUp {
			break
		}
	}
	runtime.GC()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		panic(err)
	}
	for value, number := range shape(n) {
		print(value, number)
	}
	print("peak", peak())
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kib, err := strconv.Atoi(strings.Fields(line)[1])
			if err != nil {
				panic(err)
			}
			return float64(kib) / 1024
		}
	}
	panic("no VmHWM")
}

func rate(n int, took time.Duration) map[string]float64 {
	return map[string]float64{"rate": float64(n) / took.Seconds()}
}

func equal(sum, expected int64) {
	if sum != expected {
		panic(fmt.Sprintf("the sum must be %d, but was %d", expected, sum))
	}
}

const pieceSize = 16 << 10

func piece(i int, sum *int64) {
	buffer := make([]byte, pieceSize)
	for at := range buffer {
		buffer[at] = byte(i + at)
	}
	if i%100 == 0 {
		time.Sleep(20 * time.Millisecond)
	} else {
		time.Sleep(time.Millisecond)
	}
	atomic.AddInt64(sum, int64(buffer[pieceSize/2]-byte(i+pieceSize/2))+1)
}

func poolUnbounded(n int) map[string]float64 {
	var sum int64
	var all sync.WaitGroup
	begin := time.Now()
	all.Add(n)
	for i := 0; i < n; i++ {
		i := i
		go func() {
			piece(i, &sum)
			all.Done()
		}()
	}
	all.Wait()
	took := time.Since(begin)
	equal(sum, int64(n))
	return rate(n, took)
}

func poolOfFifty(n int) map[string]float64 {
	var sum int64
	begin := time.Now()
	work(50, n, func(i int) { piece(i, &sum) })
	took := time.Since(begin)
	equal(sum, int64(n))
	return rate(n, took)
}

// work hands 0 to n-1 to workers over a channel and waits until all is done.
func work(workers, n int, do func(i int)) {
	queue := make(chan int, 1024)
	var all sync.WaitGroup
	all.Add(workers)
	for w := 0; w < workers; w++ {
		go func() {
			for i := range queue {
				do(i)
			}
			all.Done()
		}()
	}
	for i := 0; i < n; i++ {
		queue <- i
	}
	close(queue)
	all.Wait()
}

type element struct{ value int64 }

func spin(x int64, turns int) int64 {
	for i := 0; i < turns; i++ {
		x = x*31 + int64(i)
	}
	return x
}

func short(e *element) { e.value = spin(e.value, 32) }
func long(e *element)  { e.value = spin(e.value, 8000) }
func waits(e *element) {
	time.Sleep(time.Millisecond)
	e.value = spin(e.value, 1)
}

func elements(n int) []*element {
	all := make([]*element, n)
	for i := range all {
		all[i] = &element{int64(i)}
	}
	return all
}

func checkElements(sum int64, all []*element) {
	var expected int64
	for _, e := range all {
		expected += e.value
	}
	equal(sum, expected)
}

func oneFunction(n int, step func(*element)) map[string]float64 {
	all := elements(n)
	var sum int64
	begin := time.Now()
	for _, e := range all {
		for i := 0; i < 4; i++ {
			step(e)
		}
		sum += e.value
	}
	took := time.Since(begin)
	checkElements(sum, all)
	return rate(n, took)
}

func fourStages(n int, step func(*element), room int) map[string]float64 {
	all := elements(n)
	var sum int64
	begin := time.Now()
	first := make(chan *element, room)
	go func() {
		for _, e := range all {
			first <- e
		}
		close(first)
	}()
	out := first
	for i := 0; i < 4; i++ {
		in := out
		next := make(chan *element, room)
		go func() {
			for e := range in {
				step(e)
				next <- e
			}
			close(next)
		}()
		out = next
	}
	for e := range out {
		sum += e.value
	}
	took := time.Since(begin)
	checkElements(sum, all)
	return rate(n, took)
}

const riskSteps = 64

func worth(i int) int64 {
	strike := float64(80 + i%41)
	volatility := 0.1 + float64(i%17)*0.02
	up := math.Exp(volatility * math.Sqrt(1.0/riskSteps))
	down := 1 / up
	chance := (math.Exp(0.02/riskSteps) - down) / (up - down)
	discount := math.Exp(-0.02 / riskSteps)
	var values [riskSteps + 1]float64
	price := 100 * math.Pow(down, riskSteps)
	for at := range values {
		values[at] = math.Max(0, price-strike)
		price *= up / down
	}
	for step := riskSteps; step > 0; step-- {
		for at := 0; at < step; at++ {
			values[at] = discount * (chance*values[at+1] + (1-chance)*values[at])
		}
	}
	return int64(math.Round(values[0] * 100))
}

func riskLoop(n int) map[string]float64 {
	var sum int64
	begin := time.Now()
	for i := 0; i < n; i++ {
		sum += worth(i)
	}
	took := time.Since(begin)
	checkRisk(sum, n)
	return rate(n, took)
}

func riskOver(workers, n int) map[string]float64 {
	var sum int64
	begin := time.Now()
	work(workers, n, func(i int) { atomic.AddInt64(&sum, worth(i)) })
	took := time.Since(begin)
	checkRisk(sum, n)
	return rate(n, took)
}

func checkRisk(sum int64, n int) {
	const period = 41 * 17
	var expected int64
	for i := 0; i < n && i < period; i++ {
		expected += worth(i) * int64((n-1-i)/period+1)
	}
	equal(sum, expected)
}

const (
	clientCount = 15000
	senderCount = 4
	clientRoom  = 32
)

func handle(client int, handled *int64) {
	if client%1000 == 0 {
		time.Sleep(time.Millisecond)
	}
	atomic.AddInt64(handled, 1)
}

func clientsLocked(n int) map[string]float64 {
	var handled int64
	var lock sync.Mutex
	clients := map[int]*int64{}
	for i := 0; i < clientCount; i++ {
		clients[i] = &handled
	}
	return sendToClients(n, &handled, func(client int) {
		lock.Lock()
		handle(client, clients[client])
		lock.Unlock()
	})
}

func clientsChannels(n int) map[string]float64 {
	var handled int64
	var lock sync.RWMutex
	clients := map[int]chan int{}
	for i := 0; i < clientCount; i++ {
		c := make(chan int, clientRoom)
		clients[i] = c
		go func() {
			for client := range c {
				handle(client, &handled)
			}
		}()
	}
	values := sendToClients(n, &handled, func(client int) {
		lock.RLock()
		c := clients[client]
		lock.RUnlock()
		c <- client
	})
	for _, c := range clients {
		close(c)
	}
	return values
}

func sendToClients(n int, handled *int64, to func(client int)) map[string]float64 {
	each := n / senderCount
	waits := make([]time.Duration, each*senderCount)
	var senders sync.WaitGroup
	senders.Add(senderCount)
	begin := time.Now()
	for s := 0; s < senderCount; s++ {
		s := s
		go func() {
			for i := 0; i < each; i++ {
				before := time.Now()
				to((i*senderCount + s) % clientCount)
				waits[s*each+i] = time.Since(before)
			}
			senders.Done()
		}()
	}
	senders.Wait()
	for atomic.LoadInt64(handled) < int64(len(waits)) {
		time.Sleep(time.Millisecond)
	}
	took := time.Since(begin)
	sort.Slice(waits, func(a, b int) bool { return waits[a] < waits[b] })
	values := rate(len(waits), took)
	values["p999"] = float64(waits[len(waits)/1000*999].Nanoseconds()) / 1e3
	return values
}

const mergeSenders = 1000

func merging(count, n int) map[string]float64 {
	channels := make([]chan int, count)
	users := make([]sync.WaitGroup, count)
	merged := make(chan int, 64)
	each := n / mergeSenders
	begin := time.Now()
	var left sync.WaitGroup
	left.Add(count)
	for i := range channels {
		c := make(chan int, 64)
		channels[i] = c
		users[i].Add(mergeSenders / count)
		go func(senders *sync.WaitGroup) {
			senders.Wait()
			close(c)
		}(&users[i])
		go func() {
			for e := range c {
				merged <- e
			}
			left.Done()
		}()
	}
	go func() {
		left.Wait()
		close(merged)
	}()
	for s := 0; s < mergeSenders; s++ {
		at := s % count
		go func() {
			for i := 0; i < each; i++ {
				channels[at] <- 1
			}
			users[at].Done()
		}()
	}
	var sum int64
	for e := range merged {
		sum += int64(e)
	}
	took := time.Since(begin)
	equal(sum, int64(each*mergeSenders))
	return rate(each*mergeSenders, took)
}

type message struct {
	buffer []byte
	due    time.Time
}

func buffers(size int, pooled bool, n int) map[string]float64 {
	pool := sync.Pool{New: func() any {
		buffer := make([]byte, size)
		return &buffer
	}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	computed := processorTime()
	c := make(chan message, 1024)
	go func() {
		due := time.Now()
		for i := 0; i < n; i++ {
			if i%10 == 0 {
				due = due.Add(time.Millisecond)
				time.Sleep(time.Until(due))
			}
			var buffer []byte
			if pooled {
				buffer = *pool.Get().(*[]byte)
			} else {
				buffer = make([]byte, size)
			}
			for at := range buffer {
				buffer[at] = byte(i)
			}
			c <- message{buffer, due}
		}
	}()
	late := make([]time.Duration, n)
	for i := 0; i < n; i++ {
		m := <-c
		sum := 0
		for _, one := range m.buffer {
			sum += int(one)
		}
		equal(int64(sum), int64(byte(i))*int64(size))
		if pooled {
			pool.Put(&m.buffer)
		}
		late[i] = time.Since(m.due)
	}
	runtime.ReadMemStats(&after)
	sort.Slice(late, func(a, b int) bool { return late[a] < late[b] })
	return map[string]float64{
		"alloc": float64(after.TotalAlloc-before.TotalAlloc) / float64(n),
		"cpu":   float64((processorTime() - computed).Nanoseconds()) / 1e3 / float64(n),
		"p99":   float64(late[n*99/100].Nanoseconds()) / 1e3,
	}
}
