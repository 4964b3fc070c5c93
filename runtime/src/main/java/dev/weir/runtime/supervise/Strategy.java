package dev.weir.runtime.supervise;

/// Who is restarted together with a child that has failed. The order is that in which children
/// are started: by descending level, and within a level as they were given to the supervisor.
///
/// The others are cancelled all at the same time; when the last of them has ended or was
/// abandoned, and the failed one's back-off is over, all are started in their order. Children that
/// have ended for good stay so.
public enum Strategy {
    /// Only the child itself: for children that do not need each other.
    ONE_FOR_ONE,

    /// All children: for those that cannot work without each other.
    ALL_FOR_ONE,

    /// The child and those that were started after it: for those that need the ones before them.
    REST_FOR_ONE
}
