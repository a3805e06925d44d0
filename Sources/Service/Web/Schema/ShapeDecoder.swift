/// A decoder that has no data: it answers whatever it is asked for, and the record remembers.
struct ShapeDecoder: Decoder {
    let record: ShapeRecord
    let maker: SchemaMaker
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ record: ShapeRecord, _ maker: SchemaMaker) {
        self.record = record
        self.maker = maker
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(ShapeKeys<Key>(record: record, maker: maker))
    }

    /// Lists are recognized by their types; one that is read by hand has no shape that could be told.
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw ShapeError("a list that is read by hand") }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { ShapeValue(record: record, maker: maker) }
}

/// A type whose shape cannot be found out so.
struct ShapeError: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) { description = "no schema can be made of \(what)" }
}

private struct ShapeKeys<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let record: ShapeRecord
    let maker: SchemaMaker
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }

    func decodeNil(forKey key: Key) throws -> Bool {
        record.optional.insert(key.stringValue)
        return false
    }

    func decode<Shaped: Decodable>(_ type: Shaped.Type, forKey key: Key) throws -> Shaped {
        let (schema, value) = try maker.shape(type)
        record.add(
            maker.naming.name(key.stringValue), schema, isRequired: !record.optional.contains(key.stringValue))
        return value
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> { throw ShapeError("a container inside of another") }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw ShapeError("a container inside of another")
    }

    func superDecoder() throws -> any Decoder { throw ShapeError("a class") }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw ShapeError("a class") }
}

private struct ShapeValue: SingleValueDecodingContainer {
    let record: ShapeRecord
    let maker: SchemaMaker
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode<Shaped: Decodable>(_ type: Shaped.Type) throws -> Shaped {
        let (schema, value) = try maker.shape(type)
        record.single = schema
        return value
    }
}
