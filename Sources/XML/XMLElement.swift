/// An element with all that is in it.
public struct XMLElement: Sendable, Equatable {
    public var name: XMLName
    public var attributes: [XMLAttribute]
    /// The characters that stand directly in it, pieced together; blank ones between children are left out.
    public var text: String
    public var children: [XMLElement]

    public init(_ name: XMLName, attributes: [XMLAttribute] = [], text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.attributes = attributes
        self.text = text
        self.children = children
    }

    /// The first child of the name.
    public func first(_ name: XMLName) -> XMLElement? { children.first { $0.name == name } }

    public func all(_ name: XMLName) -> [XMLElement] { children.filter { $0.name == name } }

    /// An attribute without a namespace.
    public func attribute(_ name: String) -> String? {
        attributes.first { $0.name == XMLName("", name) }?.value
    }
}

/// What an element or attribute is called, whatever prefix the text uses for its namespace.
public struct XMLName: Sendable, Hashable {
    /// Empty where there is none.
    public let namespace: String
    public let local: String

    public init(_ namespace: String, _ local: String) {
        self.namespace = namespace
        self.local = local
    }
}

public struct XMLAttribute: Sendable, Equatable {
    public let name: XMLName
    public let value: String

    public init(_ name: XMLName, _ value: String) {
        self.name = name
        self.value = value
    }
}
