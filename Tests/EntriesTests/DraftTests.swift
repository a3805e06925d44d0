import Rehearsal
import Testing

@testable import Entries

/// A draft of JSON that comes from outside: what the vocabulary does not know is refused, and nothing is lost silently.
@Suite struct DraftTests {
    private func draft(_ type: String, _ data: String, _ personal: String? = nil) throws -> Draft {
        try Draft(
            type: type, content: Content(data: Array(data.utf8), personal: personal.map { Array($0.utf8) }),
            stream: "test/1", owner: "home", actor: "test")
    }

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `what is written is what the vocabulary writes`() throws {
        let made = try draft(
            "personal.erased", " { \"reason\" : \"request\", \"positions\":[ 3 ,4] } ", "{ \"note\" : \"\\u0041\" }")
        #expect(text(made.content.data) == #"{"positions":[3,4],"reason":"request"}"#)
        #expect(text(made.content.personal) == #"{"note":"A"}"#)
        let again = try Draft(
            type: made.type, content: made.content, stream: made.stream, owner: made.owner, actor: made.actor)
        #expect(again == made)
    }

    @Test(arguments: ["{}", nil])
    func `a personal half with nothing in it is none`(_ personal: String?) throws {
        #expect(try draft("personal.erased", #"{"reason":"request"}"#, personal).content.personal == nil)
    }

    static let refused: [(type: String, data: String, personal: String?, problem: String)] = [
        ("personal.erased", "{}", nil, "reason is missing"),
        ("personal.erased", #"{"reason":null}"#, nil, "reason is missing"),
        (
            "personal.erased", #"{"reason":"whim"}"#, nil,
            "reason should be one of request, retention, mistake"
        ),
        ("personal.erased", #"{"reason":7}"#, nil, "reason should be one of request, retention, mistake"),
        (
            "personal.erased", #"{"reason":"request","positions":[1.5]}"#, nil,
            "positions should be a list of whole numbers"
        ),
        ("personal.erased", #"{"reason":"request","more":1}"#, nil, "data has no field “more”"),
        ("personal.erased", #"{"reason":"request","note":"x"}"#, nil, "data has no field “note”"),
        ("personal.erased", #"{"reason":"request"}"#, #"{"reason":"request"}"#, "personal has no field “reason”"),
        ("personal.erased", #"{"reason":"request"}"#, #"{"n\u006fte":"x"}"#, "personal has no field “n\\u006fte”"),
        (
            "personal.erased", #"{"reason":"request"}"#, #"{"note":"x","note":"y"}"#,
            "personal has the field “note” twice"
        ),
        ("backup.made", #"{"size":1,"root":"","byte_count":1}"#, nil, "path is missing"),
        ("backup.made", #"{"size":1,"root":"","byte_count":1"#, #"{"path":"x"}"#, "there should be a “,”"),
    ]

    @Test(arguments: refused)
    func `what the vocabulary does not know is refused, and named`(
        _ sample: (type: String, data: String, personal: String?, problem: String)
    ) {
        let error = #expect(throws: MalformedEntry.self) { try draft(sample.type, sample.data, sample.personal) }
        #expect(error?.type == sample.type)
        #expect(error?.problem == sample.problem)
    }

    @Test func `an unknown field is refused in the elements of a list too`() throws {
        var invention = Invention(seed: 1)
        let seen = try #require((0..<500).lazy.map { _ in invention.next() }.first { $0.type == "meeting.seen" })
        let data = try #require(text(seen.content.data))
        #expect(data.contains(#""attendees":[{"#))
        #expect(try draft("meeting.seen", data, text(seen.content.personal)).content == seen.content)
        for (field, problem) in [
            (#""more":1,"#, "attendees has no field “more”"),
            (#""address":"a","#, "attendees has the field “address” twice"),
        ] {
            let altered = data.split(separator: #""attendees":[{"#).joined(separator: #""attendees":[{"# + field)
            let error = #expect(throws: MalformedEntry.self) {
                try draft("meeting.seen", altered, text(seen.content.personal))
            }
            #expect(error?.problem == problem)
        }
    }

    @Test(arguments: ["", "nothing.happened", "PERSONAL.ERASED", "personal.erased ", "personal"])
    func `an unknown type is refused`(_ type: String) {
        #expect(throws: UnknownType(type: type)) { try draft(type, "{}") }
    }

    @Test func `reading passes over a field that a later version added`() throws {
        let content = Content(
            data: Array(#"{"later":{"a":[1]},"positions":[3],"reason":"mistake","more":null}"#.utf8),
            personal: Array(#"{"later":1,"note":"x"}"#.utf8))
        let fact = try PersonalErased(content)
        #expect(fact.positions == [3])
        #expect(fact.reason == .mistake)
        #expect(fact.note == "x")
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `every invented draft is a draft of the vocabulary`(_ seed: UInt64) throws {
        var invention = Invention(seed: seed)
        for draft in invention.next(1_000) {
            #expect(try Vocabulary.checked(type: draft.type, content: draft.content) == draft.content)
        }
    }
}
