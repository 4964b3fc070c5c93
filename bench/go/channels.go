package main

import (
	"fmt"
	"sync"
	"time"
)

const (
	burst = 1000
	batch = 64
)

var workloads = map[string]func(n int) time.Duration{
	"spsc-128":             func(n int) time.Duration { return oneToOne(n, 128) },
	"spsc-0":               func(n int) time.Duration { return oneToOne(n, 0) },
	"mpmc-8-128":           func(n int) time.Duration { return manyToMany(n, 8, 128) },
	"mpmc-8-0":             func(n int) time.Duration { return manyToMany(n, 8, 0) },
	"mpmc-100-128":         func(n int) time.Duration { return manyToMany(n, 100, 128) },
	"uncontended":          uncontended,
	"ping-pong":            pingPong,
	"select-8":             selectOfEight,
	"select-2":             selectOfTwo,
	"select-ready":         selectReady,
	"select-timeout":       selectTimeout,
	"select-timeout-waits": selectTimeoutWaits,
	"spawn":                spawn,
	"spawn-burst":          spawnBurst,
	"batch-receive":        batchReceive,
	"batch-both":           batchReceive, // there is nothing to send a batch with
}

func check(sum, n, senders int) {
	each := n / senders
	expected := senders * (each/128*127*64 + each%128*(each%128-1)/2)
	if sum != expected {
		panic(fmt.Sprintf("the elements' sum must be %d, but was %d", expected, sum))
	}
}

func send(c chan int, n int) {
	for i := 0; i < n; i++ {
		c <- i & 127
	}
}

func receive(c chan int, n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum += <-c
	}
	return sum
}

func oneToOne(n, capacity int) time.Duration {
	c := make(chan int, capacity)
	start := time.Now()
	go send(c, n)
	sum := receive(c, n)
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func manyToMany(n, each, capacity int) time.Duration {
	c := make(chan int, capacity)
	sums := make([]int, each)
	var done sync.WaitGroup
	done.Add(each)
	start := time.Now()
	for i := 0; i < each; i++ {
		i := i
		go send(c, n/each)
		go func() {
			sums[i] = receive(c, n/each)
			done.Done()
		}()
	}
	done.Wait()
	took := time.Since(start)
	sum := 0
	for _, s := range sums {
		sum += s
	}
	check(sum, n, each)
	return took
}

func uncontended(n int) time.Duration {
	c := make(chan int, 100)
	sum := 0
	start := time.Now()
	for done := 0; done < n; done += 100 {
		for i := 0; i < 100; i++ {
			c <- (done + i) & 127
		}
		sum += receive(c, 100)
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func echo(n int) (ping, pong chan int) {
	ping, pong = make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i++ {
			pong <- <-ping
		}
	}()
	return ping, pong
}

func pingPong(n int) time.Duration {
	ping, pong := echo(n)
	sum := 0
	start := time.Now()
	for i := 0; i < n; i++ {
		ping <- i & 127
		sum += <-pong
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func receiveInTime(c chan int) int {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case element := <-c:
		return element
	case <-timer.C:
		return -1
	}
}

func selectTimeoutWaits(n int) time.Duration {
	ping, pong := echo(n)
	sum := 0
	start := time.Now()
	for i := 0; i < n; i++ {
		ping <- i & 127
		sum += receiveInTime(pong)
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func selectTimeout(n int) time.Duration {
	ready := make(chan int, 1)
	sum := 0
	start := time.Now()
	for i := 0; i < n; i++ {
		ready <- i & 127
		sum += receiveInTime(ready)
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func selectReady(n int) time.Duration {
	empty, ready := make(chan int, 1), make(chan int, 1)
	sum := 0
	start := time.Now()
	for i := 0; i < n; i++ {
		ready <- i & 127
		select {
		case element := <-empty:
			sum += element
		case element := <-ready:
			sum += element
		}
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func selectOfTwo(n int) time.Duration {
	a, b := make(chan int), make(chan int)
	sum := 0
	start := time.Now()
	go send(a, n/2)
	go send(b, n/2)
	for i := 0; i < n; i++ {
		select {
		case element := <-a:
			sum += element
		case element := <-b:
			sum += element
		}
	}
	took := time.Since(start)
	check(sum, n, 2)
	return took
}

func selectOfEight(n int) time.Duration {
	var c [8]chan int
	for i := range c {
		c[i] = make(chan int, 16)
	}
	start := time.Now()
	for i := range c {
		go send(c[i], n/8)
	}
	sum := 0
	for i := 0; i < n; i++ {
		element := 0
		select {
		case element = <-c[0]:
		case element = <-c[1]:
		case element = <-c[2]:
		case element = <-c[3]:
		case element = <-c[4]:
		case element = <-c[5]:
		case element = <-c[6]:
		case element = <-c[7]:
		}
		sum += element
	}
	took := time.Since(start)
	check(sum, n, 8)
	return took
}

func spawn(n int) time.Duration {
	reports := make(chan int)
	sum := 0
	start := time.Now()
	for i := 0; i < n; i++ {
		element := i & 127
		go func() { reports <- element }()
		sum += <-reports
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

func spawnBurst(n int) time.Duration {
	reports := make(chan int, 128)
	sum := 0
	start := time.Now()
	for done := 0; done < n; done += burst {
		for i := 0; i < burst; i++ {
			element := (done + i) & 127
			go func() { reports <- element }()
		}
		sum += receive(reports, burst)
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}

// batchReceive takes one, and what else is there without waiting.
func batchReceive(n int) time.Duration {
	c := make(chan int, 4*batch)
	elements := make([]int, 0, batch)
	sum := 0
	start := time.Now()
	go send(c, n)
	for received := 0; received < n; received += len(elements) {
		elements = append(elements[:0], <-c)
	drain:
		for len(elements) < batch {
			select {
			case element := <-c:
				elements = append(elements, element)
			default:
				break drain
			}
		}
		for _, element := range elements {
			sum += element
		}
	}
	took := time.Since(start)
	check(sum, n, 1)
	return took
}
