package dev.weir.runtime;

/// What a [CancelNode] keeps until it ends: a child, a function to start, a thread to wake.
sealed interface Dependent permits CancelNode, PendingFunc, Ticket {}
