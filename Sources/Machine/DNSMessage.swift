/// A question to a name server (RFC 1035): one name, one kind of record.
struct DNSQuestion {
    enum Kind: UInt16 {
        case text = 16
        case service = 33
    }

    let identifier: UInt16
    let kind: Kind
    let bytes: [UInt8]

    /// Nil for a name that cannot be asked for.
    init?(_ name: String, _ kind: Kind, identifier: UInt16) {
        self.identifier = identifier
        self.kind = kind
        var encoded: [UInt8] = []
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            let isPlain = label.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95
            }
            guard isPlain, (1...63).contains(label.utf8.count) else { return nil }
            encoded.append(UInt8(label.utf8.count))
            encoded += label.utf8
        }
        guard encoded.count < 255 else { return nil }
        let type = kind.rawValue
        // Recursion desired, one question, class IN.
        bytes =
            [UInt8(identifier >> 8), UInt8(identifier & 255), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + encoded
            + [0, UInt8(type >> 8), UInt8(type & 255), 0, 1]
    }
}

/// What a name server answered, as far as it was asked for. Nothing in it is believed before it was checked: it comes over UDP
/// from whoever guessed the number.
struct DNSAnswer {
    /// It did not fit, and can be had over TCP.
    private(set) var isCut = false
    private(set) var services: [ServiceRecord] = []
    private(set) var texts: [String] = []

    private static let mostRecords = 100

    /// Nil for what is no answer to the question.
    init?(_ bytes: [UInt8], to question: DNSQuestion) {
        var reader = Reader(bytes)
        guard let identifier = reader.number(), let flags = reader.number(), let questions = reader.number(),
            let answers = reader.number(), reader.skip(4), identifier == Int(question.identifier), flags & 0x8000 != 0,
            questions == 1
        else { return nil }
        isCut = flags & 0x0200 != 0
        // It must repeat the question; letters may have another case.
        let asked = question.bytes[12...]
        guard bytes.count >= 12 + asked.count,
            zip(bytes[12...], asked).allSatisfy({ $0 == $1 || Self.lower($0) == Self.lower($1) })
        else { return nil }
        reader.place = 12 + asked.count
        guard flags & 0x000F == 0 else { return }
        for _ in 0..<min(answers, Self.mostRecords) {
            guard read(&reader, question.kind) else { return }
        }
    }

    /// Whether a record was read, or one of another kind passed over.
    private mutating func read(_ reader: inout Reader, _ kind: DNSQuestion.Kind) -> Bool {
        guard reader.name() != nil, let type = reader.number(), let group = reader.number(), reader.skip(4),
            let length = reader.number(), reader.place + length <= reader.bytes.count
        else { return false }
        let end = reader.place + length
        defer { reader.place = end }
        guard type == Int(kind.rawValue), group == 1 else { return true }
        switch kind {
        case .service:
            guard let priority = reader.number(), let weight = reader.number(), let port = reader.number(),
                let host = reader.name(), reader.place <= end, port > 0 || host.isEmpty
            else { return false }
            services.append(ServiceRecord(host: host, port: port, priority: priority, weight: weight))
        case .text:
            var text: [UInt8] = []
            while reader.place < end {
                let count = Int(reader.bytes[reader.place])
                guard reader.place + 1 + count <= end else { return false }
                text += reader.bytes[reader.place + 1..<reader.place + 1 + count]
                reader.place += 1 + count
            }
            texts.append(String(decoding: text, as: UTF8.self))
        }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        mutating func number() -> Int? {
            guard place + 2 <= bytes.count else { return nil }
            defer { place += 2 }
            return Int(bytes[place]) << 8 | Int(bytes[place + 1])
        }

        mutating func skip(_ count: Int) -> Bool {
            guard place + count <= bytes.count else { return false }
            place += count
            return true
        }

        /// In small letters, without a dot at the end. A name may go on at an earlier place in the message, and each such
        /// step must lead further back, so that it ends.
        mutating func name() -> String? {
            var labels: [String] = []
            var index = place
            var end: Int?
            var earliest = place
            var total = 0
            while index < bytes.count {
                let count = Int(bytes[index])
                if count == 0 {
                    place = end ?? index + 1
                    return labels.joined(separator: ".")
                }
                if count & 0xC0 == 0xC0 {
                    guard index + 1 < bytes.count else { return nil }
                    let target = (count & 0x3F) << 8 | Int(bytes[index + 1])
                    guard target < earliest else { return nil }
                    end = end ?? index + 2
                    earliest = target
                    index = target
                    continue
                }
                guard count < 64, index + 1 + count <= bytes.count else { return nil }
                total += count + 1
                let label = bytes[index + 1..<index + 1 + count]
                guard total < 256, label.allSatisfy({ (33...126).contains($0) && $0 != UInt8(ascii: ".") }) else {
                    return nil
                }
                labels.append(String(decoding: label.map(DNSAnswer.lower), as: UTF8.self))
                index += 1 + count
            }
            return nil
        }
    }
}
