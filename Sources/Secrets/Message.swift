import CSodium

/// Bytes that are put together to be hashed. The room is used again and again: hashing a million entries takes one.
public final class Message {
    private var room = Room()

    public init() { Sodium.require() }

    public var count: Int { room.count }

    public func clear() { room.count = 0 }

    public func append(_ byte: UInt8) { room.append(byte) }

    /// Eight bytes, the highest first.
    public func append(_ number: UInt64) { room.append(number) }

    public func append(_ number: Int64) { room.append(UInt64(bitPattern: number)) }

    public func append(_ span: Span<UInt8>) { span.withUnsafeBufferPointer { room.append($0) } }

    public func append(_ digest: Digest) { digest.withBytes { append($0) } }

    /// The length as four bytes, the highest first, and then the bytes.
    public func appendWithLength(_ span: Span<UInt8>) { span.withUnsafeBufferPointer { room.appendWithLength($0) } }

    public func appendWithLength(_ text: String) {
        var text = text
        text.withUTF8 { room.appendWithLength($0) }
    }

    public var sha256: Digest { SHA256.hash(room.contents.span) }

    /// A copy, for those who want to see what is hashed.
    public var contents: [UInt8] { Array(room.contents) }
}

extension Message {
    /// The memory itself. Each call is one access to the message: Swift guards every access to a property of a class,
    /// and a leaf is a dozen calls.
    private struct Room: ~Copyable {
        private var bytes: UnsafeMutableBufferPointer<UInt8>
        var count = 0

        init() { bytes = .allocate(capacity: 4096) }

        deinit { bytes.deallocate() }

        var contents: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[..<count]) }

        mutating func append(_ byte: UInt8) {
            reserve(1)
            bytes[count] = byte
            count += 1
        }

        mutating func append(_ number: UInt64) {
            withUnsafeBytes(of: number.bigEndian) { append($0.assumingMemoryBound(to: UInt8.self)) }
        }

        mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
            reserve(source.count)
            if let start = source.baseAddress { (bytes.baseAddress! + count).update(from: start, count: source.count) }
            count += source.count
        }

        mutating func appendWithLength(_ source: UnsafeBufferPointer<UInt8>) {
            withUnsafeBytes(of: UInt32(source.count).bigEndian) { append($0.assumingMemoryBound(to: UInt8.self)) }
            append(source)
        }

        private mutating func reserve(_ extra: Int) {
            if count + extra <= bytes.count { return }
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count * 2, count + extra))
            larger.baseAddress!.update(from: bytes.baseAddress!, count: count)
            bytes.deallocate()
            bytes = larger
        }
    }
}
