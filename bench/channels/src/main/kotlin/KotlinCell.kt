package dev.weir.bench.channels

import dev.weir.bench.cells.Cell
import dev.weir.bench.cells.Workload
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/** Kotlin's cell: `<workload> <warm-up ms> <measurement ms>`. Everything runs on `Dispatchers.Default`. */
object KotlinCell {
    @JvmStatic
    fun main(args: Array<String>) {
        if (args[0] == "parked") {
            KotlinParked().run()
            return
        }
        val workload = KotlinWorkloads.named(args[0])
        Cell.measure(Workload { n -> runBlocking { withContext(Dispatchers.Default) { workload(this, n) } } }, args)
    }
}

/** What is measured: does it `n` times, and returns how long it took in nanoseconds. */
typealias KotlinWorkload = suspend CoroutineScope.(n: Int) -> Long
