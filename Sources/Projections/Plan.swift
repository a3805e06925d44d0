import Entries
import SQLite

/// What is to be done for entries of one type: which of their fields are wanted, and which statements are run with them.
/// It is made once for a type, so that posting an entry looks nothing up by name.
final class Plan {
    /// A field that some statement wants.
    struct Wanted {
        let description: FieldDescription
        let name: [UInt8]

        init(_ description: FieldDescription) {
            self.description = description
            name = Array(description.name.utf8)
        }
    }

    enum Header: String, CaseIterable {
        case position, stream, version, type, owner, at, day, cause, actor
    }

    /// Where the value of a parameter comes from.
    enum Source {
        case header(Header)
        /// A field of data or personal, by its place in `data` or `personal` of the plan.
        case data(Int)
        case personal(Int)
        /// A field of the element, by its place in `Each.fields`.
        case element(Int)
        case wholeElement
        case elementNumber
    }

    struct Run {
        let statement: Statement
        let sources: [Source]
    }

    struct Each {
        let list: Source
        /// What each element must be.
        let shape: FieldShape
        var fields: [Wanted]
        var runs: [Run]
    }

    enum Work {
        case once(Run)
        case each(Each)
    }

    private(set) var data: [Wanted] = []
    private(set) var personal: [Wanted] = []
    private(set) var work: [Work] = []
    /// What the statements find their rows with.
    private(set) var indexes: Set<String> = []

    init(type: String, projections: [Projection], connection: Connection) throws {
        guard let fields = Vocabulary.fields(of: type) else { throw UnknownType(type: type) }
        for projection in projections {
            for (part, indexes) in zip(projection.file.parts, projection.indexesOfParts) {
                switch part.trigger {
                case .every: try add(part, projection.file, fields, connection, each: nil)
                case .type(type): try add(part, projection.file, fields, connection, each: nil)
                case .element(type, let element):
                    try add(part, projection.file, fields, connection, each: element)
                default: continue
                }
                self.indexes.formUnion(indexes)
            }
        }
    }

    private func add(
        _ part: ProjectionFile.Part, _ file: ProjectionFile, _ fields: [FieldDescription], _ connection: Connection,
        each element: String?
    ) throws {
        let names = Names(part: part, file: file, fields: fields, element: element)
        var each = try element.map { _ in
            let list = try names.list()
            return Each(list: source(of: list), shape: list.shape.element, fields: [], runs: [])
        }
        for step in try Step.list(part, file, connection) {
            let sources = try step.names.map { try source(of: $0, names, &each) }
            let run = Run(statement: step.statement, sources: sources)
            if each == nil { work.append(.once(run)) } else { each?.runs.append(run) }
        }
        if let each { work.append(.each(each)) }
    }

    private func source(of name: String, _ names: Names, _ each: inout Each?) throws -> Source {
        switch try names.resolve(name) {
        case .header(let header): return .header(header)
        case .field(let field): return source(of: field)
        case .wholeElement: return .wholeElement
        case .elementNumber: return .elementNumber
        case .elementField(let field):
            if let index = each?.fields.firstIndex(where: { $0.description == field }) { return .element(index) }
            each?.fields.append(Wanted(field))
            return .element((each?.fields.count ?? 1) - 1)
        }
    }

    private func source(of field: FieldDescription) -> Source {
        switch field.place {
        case .data: .data(Self.index(of: field, in: &data))
        case .personal: .personal(Self.index(of: field, in: &personal))
        }
    }

    private static func index(of field: FieldDescription, in wanted: inout [Wanted]) -> Int {
        if let index = wanted.firstIndex(where: { $0.description == field }) { return index }
        wanted.append(Wanted(field))
        return wanted.count - 1
    }
}

extension Plan {
    /// One statement of a part, with the names of its parameters.
    struct Step {
        let statement: Statement
        let names: [String]

        /// Compiles the part, and finds out whether it may ask for what it asks for.
        static func list(_ part: ProjectionFile.Part, _ file: ProjectionFile, _ connection: Connection) throws -> [Step]
        {
            let known = try Names(of: part, file)
            let steps = try connection.compileAll(part.sql).map { statement in
                Step(statement: statement, names: statement.parameterNames)
            }
            for name in steps.flatMap(\.names) { _ = try known.resolve(name) }
            return steps
        }
    }

    /// What the parameters of a part can mean.
    struct Names {
        enum Meaning {
            case header(Header)
            case field(FieldDescription)
            case wholeElement
            case elementNumber
            case elementField(FieldDescription)
        }

        let part: ProjectionFile.Part
        let file: ProjectionFile
        let fields: [FieldDescription]
        let element: String?

        init(part: ProjectionFile.Part, file: ProjectionFile, fields: [FieldDescription], element: String?) {
            self.part = part
            self.file = file
            self.fields = fields
            self.element = element
        }

        /// What a part may name, from its heading alone. A heading that means nothing is an error, also above no SQL.
        init(of part: ProjectionFile.Part, _ file: ProjectionFile) throws {
            switch part.trigger {
            case .every: self.init(part: part, file: file, fields: [], element: nil)
            case .type(let type):
                self.init(part: part, file: file, fields: try Self.fields(type, part, file), element: nil)
            case .element(let type, let element):
                self.init(part: part, file: file, fields: try Self.fields(type, part, file), element: element)
                _ = try list()
            }
        }

        private static func fields(
            _ type: String, _ part: ProjectionFile.Part, _ file: ProjectionFile
        ) throws -> [FieldDescription] {
            guard let fields = Vocabulary.fields(of: type) else {
                throw ProjectionError(file.name, part.line - 1, "there is no type of entry “\(type)”")
            }
            return fields
        }

        /// The list that `for each` walks over: named after its element, with an s or es, or with the same word.
        func list() throws -> FieldDescription {
            let element = element ?? ""
            let candidates = [element + "s", element + "es", element]
            let field = fields.first { field in
                guard case .list = field.shape else { return false }
                return candidates.contains(field.name)
            }
            guard let field else {
                throw ProjectionError(file.name, part.line - 1, "there is no list of which “\(element)” is an element")
            }
            return field
        }

        func resolve(_ name: String) throws -> Meaning {
            if let element, let meaning = try inElement(name, element) { return meaning }
            if let header = Header(rawValue: name) { return .header(header) }
            if let field = fields.first(where: { $0.name == name }) { return .field(field) }
            let shown = name.isEmpty ? "a parameter without a name" : ":\(name)"
            throw ProjectionError(
                file.name, part.line(of: name.isEmpty ? "?" : shown),
                "\(shown) is neither a field of the entry nor of its header")
        }

        private func inElement(_ name: String, _ element: String) throws -> Meaning? {
            if name == element { return .wholeElement }
            if name == element + "_number" { return .elementNumber }
            guard case .list(.group(let inner)) = try list().shape, name.hasPrefix(element + "_") else { return nil }
            return inner.first { $0.name == name.dropFirst(element.utf8.count + 1) }.map(Meaning.elementField)
        }
    }
}
