extension Listener {
    /// Where to listen, and what nobody may exceed. Every limit can be lowered by a test.
    public struct Options: Sendable {
        /// An IPv4 or IPv6 address of this machine. Only this machine itself, unless told otherwise.
        public var address = "127.0.0.1"
        /// 0 takes one that is free.
        public var port = 0
        /// A socket that listens already, as systemd hands it over, instead of `address` and `port`. The listener closes it.
        public var socket: Int32?

        /// The threads do no more than read, write and hand over, so a few serve many.
        public var threads = 2
        /// Each costs a descriptor and at most `headerBytes`; lowered where the process may not open so many files.
        public var connections = 2_048
        /// One address shall not take all of them. Behind a proxy on this machine everybody has its address: raise it there.
        public var connectionsPerAddress = 512

        /// A connection on which nothing moves is closed. One that waits for our answer, or for a stream, does not count.
        public var silenceSeconds = 15
        /// From the first byte to the last, a request may take this long, however busily it drips.
        public var receivingMilliseconds = 30_000
        /// Beyond `receivingMilliseconds`, an answer may take a second for so many bytes.
        public var sendingBytesPerSecond = 16 << 10

        /// For the target and the headers of a request together, with what the library notes about them.
        public var headerBytes = 32 << 10
        /// Of headers, and of names in the query, each.
        public var fields = 100
        /// The longest body for a method and a decoded path. It is asked when the headers are there, on an internal thread.
        public var bodyLimit: @Sendable (_ method: String, _ path: String) -> Int = { _, _ in 64 << 10 }

        /// Hears what was refused before it reached the handler. It is told nothing that came from the client.
        public var log: @Sendable (WireFault) -> Void = { _ in }
        /// What is answered to it.
        public var reply: @Sendable (WireFault) -> Reply = { $0.plainReply }

        public init() {}
    }
}
