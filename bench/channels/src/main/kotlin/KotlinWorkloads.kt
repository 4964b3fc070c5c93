package dev.weir.bench.channels

import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.selects.selectUnbiased

/** The workloads of `Workloads`, with coroutines. Selects are the unbiased ones, as ours and Go's are. */
@OptIn(ExperimentalCoroutinesApi::class)
object KotlinWorkloads {
    private const val BURST = 1_000
    private const val BATCH = 64

    fun named(name: String): KotlinWorkload = when (name) {
        "spsc-128" -> { n -> oneToOne(n, 128) }
        "spsc-0" -> { n -> oneToOne(n, 0) }
        "mpmc-8-128" -> { n -> manyToMany(n, 8, 128) }
        "mpmc-8-0" -> { n -> manyToMany(n, 8, 0) }
        "mpmc-100-128" -> { n -> manyToMany(n, 100, 128) }
        "uncontended" -> { n -> uncontended(n) }
        "ping-pong" -> { n -> pingPong(n) { it.receive() } }
        "select-8" -> { n -> selectOfEight(n) }
        "select-2" -> { n -> selectOfTwo(n) }
        "select-ready" -> { n -> selectReady(n) }
        "select-timeout" -> { n -> selectTimeout(n) }
        "select-timeout-waits" -> { n -> pingPong(n) { receiveInTime(it) } }
        "spawn" -> { n -> spawn(n) }
        "spawn-burst" -> { n -> spawnBurst(n) }
        // There is nothing to send a batch with, nor for Go and java.util.concurrent.
        "batch-receive", "batch-both" -> { n -> batchReceive(n) }
        else -> throw IllegalArgumentException("there is no workload '$name'")
    }

    private fun check(sum: Long, n: Int, senders: Int = 1) {
        val each = n / senders
        val expected = senders * ((each / 128).toLong() * (127 * 64) + (each % 128).toLong() * (each % 128 - 1) / 2)
        check(sum == expected) { "the elements' sum must be $expected, but was $sum" }
    }

    private fun CoroutineScope.send(channel: Channel<Int>, n: Int) = launch {
        for (i in 0 until n) channel.send(i and 127)
    }

    private suspend fun receive(channel: Channel<Int>, n: Int): Long {
        var sum = 0L
        for (i in 0 until n) sum += channel.receive()
        return sum
    }

    private suspend fun receiveInTime(channel: Channel<Int>): Int = select {
        channel.onReceive { it }
        onTimeout(1_000) { -1 }
    }

    private inline fun timed(n: Int, senders: Int = 1, work: () -> Long): Long {
        val start = System.nanoTime()
        val sum = work()
        val took = System.nanoTime() - start
        check(sum, n, senders)
        return took
    }

    private suspend fun oneToOne(n: Int, capacity: Int) = coroutineScope {
        val channel = Channel<Int>(capacity)
        timed(n) {
            send(channel, n)
            receive(channel, n)
        }
    }

    private suspend fun manyToMany(n: Int, each: Int, capacity: Int): Long {
        val channel = Channel<Int>(capacity)
        val sum = AtomicLong()
        return timed(n, each) {
            coroutineScope {
                repeat(each) {
                    send(channel, n / each)
                    launch { sum.addAndGet(receive(channel, n / each)) }
                }
            }
            sum.get()
        }
    }

    private suspend fun uncontended(n: Int): Long {
        val channel = Channel<Int>(100)
        return timed(n) {
            var sum = 0L
            for (done in 0 until n step 100) {
                for (i in 0 until 100) channel.send((done + i) and 127)
                sum += receive(channel, 100)
            }
            sum
        }
    }

    private suspend inline fun pingPong(n: Int, crossinline answer: suspend (Channel<Int>) -> Int) = coroutineScope {
        val ping = Channel<Int>()
        val pong = Channel<Int>()
        launch { for (i in 0 until n) pong.send(ping.receive()) }
        timed(n) {
            var sum = 0L
            for (i in 0 until n) {
                ping.send(i and 127)
                sum += answer(pong)
            }
            sum
        }
    }

    private suspend fun selectOfEight(n: Int) = coroutineScope {
        val channels = Array(8) { Channel<Int>(16) }
        timed(n, 8) {
            channels.forEach { send(it, n / 8) }
            var sum = 0L
            for (i in 0 until n) sum += selectUnbiased<Int> { for (channel in channels) channel.onReceive { it } }
            sum
        }
    }

    private suspend fun selectOfTwo(n: Int) = coroutineScope {
        val a = Channel<Int>()
        val b = Channel<Int>()
        timed(n, 2) {
            send(a, n / 2)
            send(b, n / 2)
            var sum = 0L
            for (i in 0 until n) {
                sum += selectUnbiased<Int> {
                    a.onReceive { it }
                    b.onReceive { it }
                }
            }
            sum
        }
    }

    private suspend fun selectReady(n: Int): Long {
        val empty = Channel<Int>(1)
        val ready = Channel<Int>(1)
        return timed(n) {
            var sum = 0L
            for (i in 0 until n) {
                ready.send(i and 127)
                sum += selectUnbiased<Int> {
                    empty.onReceive { it }
                    ready.onReceive { it }
                }
            }
            sum
        }
    }

    private suspend fun selectTimeout(n: Int): Long {
        val ready = Channel<Int>(1)
        return timed(n) {
            var sum = 0L
            for (i in 0 until n) {
                ready.send(i and 127)
                sum += receiveInTime(ready)
            }
            sum
        }
    }

    private suspend fun spawn(n: Int) = coroutineScope {
        val reports = Channel<Int>()
        timed(n) {
            var sum = 0L
            for (i in 0 until n) {
                launch { reports.send(i and 127) }
                sum += reports.receive()
            }
            sum
        }
    }

    private suspend fun spawnBurst(n: Int) = coroutineScope {
        val reports = Channel<Int>(128)
        timed(n) {
            var sum = 0L
            for (done in 0 until n step BURST) {
                for (i in 0 until BURST) launch { reports.send((done + i) and 127) }
                sum += receive(reports, BURST)
            }
            sum
        }
    }

    private suspend fun batchReceive(n: Int) = coroutineScope {
        val channel = Channel<Int>(4 * BATCH)
        val batch = ArrayList<Int>(BATCH)
        timed(n) {
            send(channel, n)
            var sum = 0L
            var received = 0
            while (received < n) {
                batch.clear()
                batch.add(channel.receive())
                while (batch.size < BATCH) batch.add(channel.tryReceive().getOrNull() ?: break)
                for (element in batch) sum += element
                received += batch.size
            }
            sum
        }
    }
}
