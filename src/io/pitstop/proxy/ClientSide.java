package io.pitstop.proxy;

import io.undertow.server.ServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Tells apart who broke a request off: a client that goes away is not a failure of the colour that served it, an answer
 * that ends too early is one.
 */
final class ClientSide {
    private final ServerConnection connection;
    private boolean talking;
    private boolean gone;
    private boolean answering;
    private boolean answered;

    ClientSide(ServerConnection connection) {
        this.connection = connection;
    }

    /** True if the last that happened to the client's connection was a failure, or is about to turn out as one. */
    boolean isGone() {
        return gone || talking; // the connection is closed before the failed call returns
    }

    boolean hasPartOfAnswer() {
        return answering && !answered && !connection.isOpen();
    }

    StreamSourceConduit body(StreamSourceConduit request) {
        return new Body(request);
    }

    StreamSinkConduit answer(StreamSinkConduit response) {
        answering = true;
        return new Answer(response);
    }

    /** Something that is said to or heard from the client. */
    private interface Talk<T> {
        T run() throws IOException;
    }

    private <T> T talk(Talk<T> talk) throws IOException {
        talking = true;
        try {
            return talk.run();
        } catch (IOException e) {
            gone = true;
            throw e;
        } finally {
            talking = false;
        }
    }

    private final class Body extends AbstractStreamSourceConduit<StreamSourceConduit> {
        Body(StreamSourceConduit request) {
            super(request);
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return talk(() -> super.read(into));
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) throws IOException {
            return talk(() -> super.read(into, offset, length));
        }
    }

    private final class Answer extends AbstractStreamSinkConduit<StreamSinkConduit> {
        Answer(StreamSinkConduit response) {
            super(response);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return talk(() -> super.write(from));
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            return talk(() -> super.write(from, offset, length));
        }

        @Override
        public int writeFinal(ByteBuffer from) throws IOException {
            answered = connection.isOpen(); // before, because the request may end within the call
            int written = talk(() -> super.writeFinal(from));
            answered &= !from.hasRemaining();
            return written;
        }

        @Override
        public boolean flush() throws IOException {
            return talk(super::flush);
        }

        @Override
        public void terminateWrites() throws IOException {
            answered |= connection.isOpen(); // also called when the connection is closed in the middle of an answer
            super.terminateWrites();
        }
    }
}
