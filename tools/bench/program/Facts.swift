import Entries
import Rehearsal

/// Facts to bytes and back.
enum Facts {
    /// The facts of one type, out of an invention.
    private static func meetings(_ count: Int) throws -> [Content] {
        var invention = Invention(seed: 3)
        var contents: [Content] = []
        while contents.count < count {
            let draft = invention.next()
            if draft.type == MeetingSeen.type { contents.append(draft.content) }
        }
        return contents
    }

    static func encode(_ count: Int) throws {
        let facts: [any Fact] = try meetings(count).map { try MeetingSeen($0) }
        var bytes = 0
        let spent = Effort.of {
            for fact in facts { bytes += fact.encoded().data.count }
        }
        precondition(bytes > 0)
        Measurement.report("encode", count: count, spent)
    }

    static func decode(_ count: Int) throws {
        let contents = try meetings(count)
        // As the type of an entry is met: it is not known beforehand.
        let type: any Fact.Type = MeetingSeen.self
        var read = 0
        let spent = try Effort.of {
            for content in contents { read += try type.init(content) is MeetingSeen ? 1 : 0 }
        }
        precondition(read == count)
        Measurement.report("decode", count: count, spent)
    }

    /// Every name and value of every entry, as slices.
    static func parse(_ drafts: borrowing DraftFile, count: Int) throws {
        var spent = Effort()
        var (done, bytes, members) = (0, 0, 0)
        while done < count, let chunk = try drafts.next() {
            try spent.add {
                for draft in chunk {
                    try JSONScanner.members(of: draft.content.data.span) { (_, _) throws(JSONError) in members += 1 }
                    guard let personal = draft.content.personal else { continue }
                    try JSONScanner.members(of: personal.span) { (_, _) throws(JSONError) in members += 1 }
                }
            }
            bytes += chunk.reduce(0) { $0 + $1.content.data.count + ($1.content.personal?.count ?? 0) }
            done += chunk.count
        }
        precondition(members > 0)
        Measurement.report("parse", count: done, spent, fileBytes: Int64(bytes))
    }
}
