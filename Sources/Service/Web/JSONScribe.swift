import Entries
import Machine

/// Writes a value as JSON with its members in the order of their names, as `JSONEncoder` does, in a fraction of the time: a page
/// of fifty activities has a thousand members.
struct JSONScribe {
    let naming: Naming

    init(_ naming: Naming) { self.naming = naming }

    func bytes<Value: Encodable>(of value: Value) throws -> [UInt8] {
        let node = Node()
        try Scribe(node).write(value)
        var shapes = Shapes.lend(naming)
        defer { shapes.giveBack() }
        var writer = JSONWriter()
        node.write(to: &writer, &shapes)
        return writer.bytes
    }
}

/// The objects that were met, by the names of their members: answers are lists of things of a few kinds, so how the names
/// are written, and in which order, is found once for each kind.
private struct Shapes: Sendable {
    struct Shape: Sendable {
        let keys: [String]
        /// Which member stands where, each with its name as it is written.
        let order: [(member: Int, name: [UInt8])]
    }

    private static let idle = Guarded<[Naming: [Shapes]]>([:])

    private let naming: Naming
    private var known: [[Shape]] = []
    /// A server that is asked for ever stranger things does not grow: then all is found anew.
    private var count = 0
    private static let most = 400

    private init(_ naming: Naming) { self.naming = naming }

    static func lend(_ naming: Naming) -> Shapes {
        idle.with { $0[naming]?.popLast() } ?? Shapes(naming)
    }

    func giveBack() { Self.idle.with { $0[naming, default: []].append(self) } }

    mutating func shape(of members: [Node.Member]) -> Shape {
        while known.count <= members.count { known.append([]) }
        let same = known[members.count].first { shape in
            shape.keys.indices.allSatisfy { shape.keys[$0] == members[$0].name }
        }
        if let same { return same }
        if count == Self.most { (known, count) = (Array(repeating: [], count: members.count + 1), 0) }
        let shape = Self.make(members.map(\.name), naming)
        known[members.count].append(shape)
        count += 1
        return shape
    }

    /// A member that was set twice is what it was set to last.
    private static func make(_ keys: [String], _ naming: Naming) -> Shape {
        let names = keys.map(naming.name)
        let sorted = keys.indices.sorted { (names[$0], $0) < (names[$1], $1) }
        let last = sorted.indices.filter { $0 + 1 == sorted.count || names[sorted[$0 + 1]] != names[sorted[$0]] }
        return Shape(
            keys: keys,
            order: last.enumerated().map { place, index in
                var writer = JSONWriter()
                if place > 0 { writer.raw([UInt8(ascii: ",")]) }
                writer.text(names[sorted[index]])
                writer.raw([UInt8(ascii: ":")])
                return (sorted[index], writer.bytes)
            })
    }
}

/// A value on its way: one thing, a list of things, or things with names.
private final class Node {
    enum Form {
        case single, list, object
        /// An object whose names are data.
        case map
    }

    enum Item {
        case null
        case boolean(Bool)
        case integer(Int64)
        case natural(UInt64)
        case real(Double)
        case text(String)
        case node(Node)
    }

    struct Member {
        let name: String
        let item: Item
    }

    var form = Form.single
    private var items: [Item] = []
    private var members: [Member] = []

    var count: Int { items.count }

    func say(_ item: Item) { items = [item] }

    func append(_ item: Item) { items.append(item) }

    func set(_ name: String, _ item: Item) {
        // Most objects have about so many.
        if members.isEmpty { members.reserveCapacity(16) }
        members.append(Member(name: name, item: item))
    }

    func begin(_ form: Form) { self.form = form }

    private static let null = Array("null".utf8)

    func write(to writer: inout JSONWriter, _ shapes: inout Shapes) {
        switch form {
        case .single: write(items.first ?? .null, to: &writer, &shapes)
        case .list: writer.array(items) { self.write($1, to: &$0, &shapes) }
        case .object:
            writer.raw([UInt8(ascii: "{")])
            for (member, name) in shapes.shape(of: members).order {
                writer.raw(name)
                write(members[member].item, to: &writer, &shapes)
            }
            writer.raw([UInt8(ascii: "}")])
        case .map:
            writer.raw([UInt8(ascii: "{")])
            for (place, member) in members.sorted(by: { $0.name < $1.name }).enumerated() {
                if place > 0 { writer.raw([UInt8(ascii: ",")]) }
                writer.text(member.name)
                writer.raw([UInt8(ascii: ":")])
                write(member.item, to: &writer, &shapes)
            }
            writer.raw([UInt8(ascii: "}")])
        }
    }

    private func write(_ item: Item, to writer: inout JSONWriter, _ shapes: inout Shapes) {
        switch item {
        case .null: writer.raw(Self.null)
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .natural(let value): writer.raw(Array(String(value).utf8))
        case .real(let value):
            let text = value.description
            writer.raw(Array((text.hasSuffix(".0") ? String(text.dropLast(2)) : text).utf8))
        case .text(let value): writer.text(value)
        case .node(let node): node.write(to: &writer, &shapes)
        }
    }
}

/// The keys of a dictionary are data and are never written otherwise.
private protocol KeyedByText {
    func write(_ scribe: Scribe) throws
}

extension Dictionary: KeyedByText where Key == String, Value: Encodable {
    fileprivate func write(_ scribe: Scribe) throws {
        scribe.node.begin(.map)
        for (key, value) in self {
            let node = Node()
            try Scribe(node).write(value)
            scribe.node.set(key, .node(node))
        }
    }
}

private struct Scribe: Encoder {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ node: Node) { self.node = node }

    func write<Value: Encodable>(_ value: Value) throws {
        if let dictionary = value as? any KeyedByText { return try dictionary.write(self) }
        try value.encode(to: self)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.begin(.object)
        return KeyedEncodingContainer(Members(scribe: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.begin(.list)
        return Elements(scribe: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(scribe: self) }

    static func item(_ value: some BinaryInteger) -> Node.Item {
        Int64(exactly: value).map { .integer($0) } ?? .natural(UInt64(truncatingIfNeeded: value))
    }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let scribe: Scribe
    var codingPath: [any CodingKey] { [] }

    private func set(_ key: some CodingKey, _ item: Node.Item) { scribe.node.set(key.stringValue, item) }

    private func inner(_ key: some CodingKey) -> Scribe {
        let node = Node()
        set(key, .node(node))
        return Scribe(node)
    }

    func encodeNil(forKey key: Key) { set(key, .null) }
    func encode(_ value: Bool, forKey key: Key) { set(key, .boolean(value)) }
    func encode(_ value: String, forKey key: Key) { set(key, .text(value)) }
    func encode(_ value: Double, forKey key: Key) { set(key, .real(value)) }
    func encode(_ value: Int, forKey key: Key) { set(key, .integer(Int64(value))) }
    func encode(_ value: Int64, forKey key: Key) { set(key, .integer(value)) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try inner(key).write(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<
        Nested
    > {
        inner(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { inner(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { scribe }
    func superEncoder(forKey key: Key) -> any Encoder { inner(key) }
}

private struct Elements: UnkeyedEncodingContainer {
    let scribe: Scribe
    var codingPath: [any CodingKey] { [] }
    var count: Int { scribe.node.count }

    private func inner() -> Scribe {
        let node = Node()
        scribe.node.append(.node(node))
        return Scribe(node)
    }

    func encodeNil() { scribe.node.append(.null) }
    func encode(_ value: Bool) { scribe.node.append(.boolean(value)) }
    func encode(_ value: String) { scribe.node.append(.text(value)) }
    func encode(_ value: Double) { scribe.node.append(.real(value)) }
    func encode(_ value: Int) { scribe.node.append(.integer(Int64(value))) }
    func encode(_ value: Int64) { scribe.node.append(.integer(value)) }
    func encode<Value: Encodable>(_ value: Value) throws { try inner().write(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        inner().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { inner().unkeyedContainer() }
    func superEncoder() -> any Encoder { inner() }
}

private struct Single: SingleValueEncodingContainer {
    let scribe: Scribe
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { scribe.node.say(.null) }
    func encode(_ value: Bool) { scribe.node.say(.boolean(value)) }
    func encode(_ value: String) { scribe.node.say(.text(value)) }
    func encode(_ value: Double) { scribe.node.say(.real(value)) }
    func encode(_ value: Float) { scribe.node.say(.real(Double(value))) }
    func encode(_ value: Int) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: Int8) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: Int16) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: Int32) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: Int64) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: UInt) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: UInt8) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: UInt16) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: UInt32) { scribe.node.say(Scribe.item(value)) }
    func encode(_ value: UInt64) { scribe.node.say(Scribe.item(value)) }
    func encode<Value: Encodable>(_ value: Value) throws { try scribe.write(value) }
}
