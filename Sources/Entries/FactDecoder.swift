/// An entry that cannot be read as what its type says it is.
public struct MalformedEntry: Error, Equatable, Sendable, CustomStringConvertible {
    public let type: String
    public let problem: String

    public init(type: String, problem: String) {
        self.type = type
        self.problem = problem
    }

    public var description: String { "\(type): \(problem)" }
}

extension Fact {
    /// Reads the fact back. A field that this version does not know is passed over; one of the wrong kind, or a
    /// missing one, is an error. Where `personal` is erased, its fields are absent, or empty if they cannot be absent.
    public init(_ content: Content) throws(MalformedEntry) {
        var decoder: FactDecoder
        do {
            decoder = try FactDecoder(content)
        } catch {
            throw MalformedEntry(type: Self.type, problem: error.description)
        }
        self.init()
        visit(&decoder)
        if let problem = decoder.problem { throw MalformedEntry(type: Self.type, problem: problem) }
    }
}

struct FactDecoder: FieldVisitor {
    private struct Member {
        let name: JSONSlice
        let value: JSONSlice
    }

    private let data: [UInt8]
    private let personal: [UInt8]
    private let personalIsThere: Bool
    private var dataMembers: [Member] = []
    private var personalMembers: [Member] = []
    /// What was wrong with the first field that could not be read.
    private(set) var problem: String?

    init(_ content: Content) throws(JSONError) {
        data = content.data
        personal = content.personal ?? []
        personalIsThere = content.personal != nil
        var members: [Member] = []
        members.reserveCapacity(Self.usualMemberCount)
        try JSONScanner.members(of: data.span) { (name, value) throws(JSONError) in
            members.append(Member(name: name, value: value))
        }
        dataMembers = members
        guard personalIsThere else { return }
        members.removeAll(keepingCapacity: true)
        try JSONScanner.members(of: personal.span) { (name, value) throws(JSONError) in
            members.append(Member(name: name, value: value))
        }
        personalMembers = members
    }

    /// An object inside of the bytes, whose fields stand all together.
    init(group slice: JSONSlice, in bytes: [UInt8]) throws(JSONError) {
        data = bytes
        personal = []
        personalIsThere = false
        var members: [Member] = []
        try JSONScanner.members(of: slice, in: data.span) { (name, value) throws(JSONError) in
            members.append(Member(name: name, value: value))
        }
        dataMembers = members
    }

    private static let usualMemberCount = 24

    mutating func field<Value: FieldValue>(
        _ name: String, _ value: inout Value, _ place: Place, _ meaning: String
    ) {
        let problem =
            switch place {
            case .data: Self.read(name, &value, dataMembers, data, isRequired: !value.isAbsent)
            case .personal:
                Self.read(name, &value, personalMembers, personal, isRequired: !value.isAbsent && personalIsThere)
            }
        if let problem, self.problem == nil { self.problem = problem }
    }

    /// Answers what is wrong. Static, so that the bytes are borrowed from the decoder and not held once more.
    private static func read<Value: FieldValue>(
        _ name: String, _ target: inout Value, _ members: [Member], _ bytes: [UInt8], isRequired: Bool
    ) -> String? {
        guard let value = find(name.utf8Span.span, members, bytes.span), value.kind != .null else {
            return isRequired ? "\(name) is missing" : nil
        }
        guard let found = Value(value, in: bytes) else { return "\(name) should be \(Value.shape.words)" }
        target = found
        return nil
    }

    /// Names of fields hold no character that JSON escapes.
    private static func find(_ name: Span<UInt8>, _ members: [Member], _ bytes: Span<UInt8>) -> JSONSlice? {
        for index in members.indices where members[index].name.equals(name, in: bytes) { return members[index].value }
        return nil
    }
}
