import CSodium

/// Bytes that are put together to be hashed. The room is used again and again: hashing a million entries takes one.
public final class Message {
    private var bytes: UnsafeMutableBufferPointer<UInt8>
    public private(set) var count = 0

    public init() {
        Sodium.require()
        bytes = .allocate(capacity: 4096)
    }

    deinit { bytes.deallocate() }

    public func clear() { count = 0 }

    public func append(_ byte: UInt8) {
        reserve(1)
        bytes[count] = byte
        count += 1
    }

    /// Eight bytes, the highest first.
    public func append(_ number: UInt64) {
        reserve(8)
        for shift in 0..<8 { bytes[count + shift] = UInt8(truncatingIfNeeded: number >> (56 - 8 * shift)) }
        count += 8
    }

    public func append(_ number: Int64) { append(UInt64(bitPattern: number)) }

    public func append(_ span: Span<UInt8>) {
        reserve(span.count)
        span.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { (bytes.baseAddress! + count).update(from: start, count: source.count) }
        }
        count += span.count
    }

    public func append(_ digest: Digest) { digest.withBytes { append($0) } }

    /// The length as four bytes, the highest first, and then the bytes.
    public func appendWithLength(_ span: Span<UInt8>) {
        reserve(4)
        for shift in 0..<4 { bytes[count + shift] = UInt8(truncatingIfNeeded: span.count >> (24 - 8 * shift)) }
        count += 4
        append(span)
    }

    public func appendWithLength(_ text: String) {
        var text = text
        text.withUTF8 { appendWithLength($0.span) }
    }

    public var sha256: Digest { SHA256.hash(UnsafeBufferPointer(rebasing: bytes[..<count]).span) }

    /// A copy, for those who want to see what is hashed.
    public var contents: [UInt8] { Array(bytes[..<count]) }

    private func reserve(_ extra: Int) {
        if count + extra <= bytes.count { return }
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count * 2, count + extra))
        larger.baseAddress!.update(from: bytes.baseAddress!, count: count)
        bytes.deallocate()
        bytes = larger
    }
}
