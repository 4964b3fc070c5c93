package dev.weir.bench.channels

import dev.weir.bench.cells.Cell
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** What a coroutine takes that waits for an element, as `Parked` measures it of Gs. */
class KotlinParked {
    private val count = 100_000

    fun run() {
        repeat(3) { bytes() }
        Cell.print("bytes", bytes().toDouble() / count)
    }

    private fun bytes(): Long {
        val before = usedAfterCollection()
        return runBlocking(Dispatchers.Default) {
            val channel = Channel<Int>()
            val waiting = AtomicInteger()
            repeat(count) {
                launch {
                    waiting.incrementAndGet()
                    channel.receive()
                }
            }
            while (waiting.get() < count) Thread.sleep(5)
            Thread.sleep(300)
            val bytes = usedAfterCollection() - before
            repeat(count) { channel.send(1) }
            bytes
        }
    }

    private fun usedAfterCollection(): Long {
        repeat(3) {
            System.gc()
            Thread.sleep(20)
        }
        return Runtime.getRuntime().run { totalMemory() - freeMemory() }
    }
}
