package dev.weir.connect.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a kind of client asks, and how it wants to be answered.
interface Dialect {
    /// What a request wants, as far as its head says.
    ///
    /// @throws Refusal if that cannot be had
    Wish wish(Query query) throws Refusal;

    /// Whether the query may have a user's name and password, as `u` and `p`.
    boolean hasUserInQuery();

    /// What a request that is turned away is answered.
    Reply refused(Refusal refusal);

    /// What a batch is answered. It is done, or there was no room for the rest.
    Reply answer(Batch batch, Progress progress);

    /// The head of a request.
    ///
    /// @param path as it stands in the request, still encoded
    /// @param type the media type in lower case, without parameters; empty if there is none
    /// @param parameters of the query, the first of each name
    /// @param sender who sends it, for logs
    /// @param hops how many nodes have passed it on
    /// @param trace the header `traceparent`; null without
    record Query(
            String path,
            String type,
            Map<String, String> parameters,
            String sender,
            int hops,
            @Nullable String trace) {
        public Query {
            parameters = Map.copyOf(parameters);
        }
    }

    /// What a request wants.
    interface Wish {
        /// The address that everything goes to, to be judged before the body is read; empty where
        /// each message has its own.
        String address();

        /// Finds the messages in the body.
        Batch split(Body body) throws Refusal;
    }
}
