import Glibc

/// The three streams of the process.
public enum Terminal {
    public enum Stream: Int32, Sendable {
        case input = 0
        case output = 1
        case error = 2
    }

    public static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// The width of the terminal in columns; nil when the stream is none.
    public static func columns(_ stream: Stream) -> Int? {
        var size = winsize()
        guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    public static func write(_ text: String, to stream: Stream) throws(MachineError) {
        try write(Array(text.utf8), to: stream)
    }

    public static func write(_ bytes: [UInt8], to stream: Stream) throws(MachineError) {
        var written = 0
        while written < bytes.count {
            let done = bytes.withUnsafeBytes {
                Glibc.write(stream.rawValue, $0.baseAddress! + written, $0.count - written)
            }
            if done < 0 && errno == EINTR { continue }
            guard done > 0 else {
                throw MachineError("write to", stream == .output ? "standard output" : "standard error")
            }
            written += done
        }
    }

    /// What has come in by now, at most `limit` bytes; it waits for the first. None at the end.
    public static func read(upTo limit: Int) throws(MachineError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            let count = bytes.withUnsafeMutableBytes { Glibc.read(0, $0.baseAddress!, limit) }
            if count < 0 && errno == EINTR && Interruption.signalNumber == nil { continue }
            guard count >= 0 else { throw MachineError("read", "standard input") }
            return Array(bytes.prefix(count))
        }
    }
}
