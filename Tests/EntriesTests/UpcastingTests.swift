import Testing

@testable import Entries

@Suite struct UpcastingTests {
    /// A table of types that there never were.
    static let invented = Upcasting([
        "meeting.met": .init(to: "meeting.noticed"),
        "meeting.noticed": .init(to: "meeting.seen") { content in
            let text = String(decoding: content.data, as: UTF8.self)
            return Content(
                data: Array(text.split(separator: "\"when\"").joined(separator: "\"starts\"").utf8),
                personal: content.personal)
        },
    ])

    private let old = Content(data: Array(#"{"when":5}"#.utf8), personal: Array("{}".utf8))

    @Test(arguments: ["meeting.met", "meeting.noticed"])
    func `an old entry comes out in its newest form, over as many steps as it takes`(_ type: String) {
        let new = Self.invented.apply(type: type, content: old)
        #expect(Self.invented.isNeeded(for: type))
        #expect(new.type == "meeting.seen")
        #expect(String(decoding: new.content.data, as: UTF8.self) == #"{"starts":5}"#)
        #expect(new.content.personal == old.personal)
    }

    @Test(arguments: ["meeting.seen", "", "unknown"])
    func `what is new already stays as it is`(_ type: String) {
        #expect(!Self.invented.isNeeded(for: type))
        let same = Self.invented.apply(type: type, content: old)
        #expect(same.type == type)
        #expect(same.content == old)
    }

    @Test func `no type of today needs it`() {
        for fact in Vocabulary.facts { #expect(!Upcasting.current.isNeeded(for: fact.type)) }
    }
}
