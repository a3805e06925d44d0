import CSodium

/// 32 bytes of SHA-256.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    // Four words, only so that the compiler writes `==` and `hash`; the bytes lie in memory as they were hashed.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    public static let byteCount = 32

    init() {}

    /// Nil unless there are 32 bytes.
    public init?(_ bytes: Span<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        bytes.withUnsafeBytes { source in withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: source) } }
    }

    public init?(_ bytes: [UInt8]) { self.init(bytes.span) }

    public init?(hexadecimal: String) {
        guard let bytes = [UInt8](hexadecimal: hexadecimal) else { return nil }
        self.init(bytes)
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// Lends the bytes without a copy to the heap.
    public func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let copy = words
        return try withUnsafeBytes(of: copy) { (raw) throws(Failure) -> Result in
            try body(raw.assumingMemoryBound(to: UInt8.self).span)
        }
    }

    public var hexadecimal: String { bytes.hexadecimal }

    public var description: String { hexadecimal }

    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    mutating func withMutableBytes(_ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        withUnsafeMutableBytes(of: &words) { body($0.assumingMemoryBound(to: UInt8.self).baseAddress!) }
    }
}
