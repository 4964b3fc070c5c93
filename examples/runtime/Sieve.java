import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.ReceiveChannel;

/// The prime sieve with which many have met Go: a chain of filters, each a thread that knows one prime.
public final class Sieve {
    public static void main(String[] args) throws InterruptedException {
        int wanted = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        try (Group filters = Group.of(Context.background(), "sieve")) {
            ReceiveChannel<Integer> numbers = from(2, filters);
            for (int i = 0; i < wanted; i++) {
                int prime = numbers.receive();
                System.out.print(prime + " ");
                numbers = without(prime, numbers, filters);
            }
            System.out.println();
        } // cancels the context: all filters end
    }

    private static ReceiveChannel<Integer> from(int first, Group group) throws InterruptedException {
        Channel<Integer> out = Channel.unbuffered();
        group.go(() -> {
            for (int number = first; ; number++) {
                out.send(number, group.context());
            }
        });
        return out;
    }

    private static ReceiveChannel<Integer> without(int prime, ReceiveChannel<Integer> in, Group group)
            throws InterruptedException {
        Channel<Integer> out = Channel.unbuffered();
        group.go(() -> {
            while (true) {
                int number = in.receive(group.context());
                if (number % prime != 0) {
                    out.send(number, group.context());
                }
            }
        });
        return out;
    }

    private Sieve() {}
}
