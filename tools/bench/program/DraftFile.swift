import Entries
import Machine
import Rehearsal

/// The invented drafts that Daybook and the C program both append, in a file that both can read.
///
/// It is made of chunks of up to a thousand drafts, each behind its length. A draft is: stream, type, owner and actor as
/// texts, the cause in 8 bytes (0 for none), `data` as a text, one byte that says whether there is `personal`, and that
/// as a text. A text is its length in 4 bytes and its UTF-8. Numbers have their lowest byte first.
struct DraftFile: ~Copyable {
    private let file: File

    static let draftsInChunk = 1_000

    init(_ path: String) throws { file = try File.reading(path) }

    static func invent(_ path: String, count: Int) throws {
        var invention = Invention(seed: 1)
        let file = try File.creating(path)
        for _ in stride(from: 0, to: count, by: draftsInChunk) {
            var chunk: [UInt8] = []
            for draft in invention.next(draftsInChunk) { chunk.append(draft) }
            var length: [UInt8] = []
            length.append(number: chunk.count, bytes: 4)
            try file.write(length + chunk)
        }
    }

    /// The next chunk; nil at the end.
    func next() throws -> [Draft]? {
        let length = try file.read(upTo: 4)
        guard length.count == 4 else { return nil }
        var place = 0
        let bytes = try file.read(upTo: length.number(4, at: &place))
        var drafts: [Draft] = []
        place = 0
        while place < bytes.count { drafts.append(try bytes.draft(at: &place)) }
        return drafts
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: Int, bytes count: Int) {
        for shift in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }

    fileprivate mutating func append(text: some Collection<UInt8>) {
        append(number: text.count, bytes: 4)
        append(contentsOf: text)
    }

    fileprivate mutating func append(_ draft: Draft) {
        for text in [draft.stream, draft.type, draft.owner, draft.actor] { append(text: text.utf8) }
        append(number: Int(draft.cause ?? 0), bytes: 8)
        append(text: draft.content.data)
        append(draft.content.personal == nil ? 0 : 1)
        if let personal = draft.content.personal { append(text: personal) }
    }

    fileprivate func number(_ count: Int, at place: inout Int) -> Int {
        defer { place += count }
        return (0..<count).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) }
    }

    fileprivate func text(at place: inout Int) -> [UInt8] {
        let count = number(4, at: &place)
        defer { place += count }
        return Array(self[place..<(place + count)])
    }

    fileprivate func draft(at place: inout Int) throws -> Draft {
        let names = (0..<4).map { _ in String(decoding: text(at: &place), as: UTF8.self) }
        let cause = Int64(number(8, at: &place))
        let data = text(at: &place)
        let hasPersonal = number(1, at: &place) == 1
        return try Draft(
            type: names[1], content: Content(data: data, personal: hasPersonal ? text(at: &place) : nil),
            stream: names[0], owner: names[2], actor: names[3], cause: cause == 0 ? nil : cause)
    }
}
