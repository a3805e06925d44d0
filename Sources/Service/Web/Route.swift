public import Application
import FoundationEssentials
import WebServer

/// One thing that can be asked over HTTP, declared as data: the router matches it, `OpenAPIDocument` describes it, and the
/// tests walk over all of them.
public struct Route: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        var isReading: Bool { self == .get }
    }

    /// How long it takes: nobody stands in line behind what takes longer.
    enum Pace: Sendable {
        case quick
        /// It looks at very much.
        case thorough
        /// It waits for a server elsewhere, or works for long.
        case lasting
    }

    /// Who may ask at all.
    public enum Role: String, Sendable {
        case anyone, member, admin
    }

    /// What the body must be.
    enum Body: Sendable {
        case none
        case json(any WebBody.Type)
        /// A file as it is, of one of these types of content.
        case file([String])
    }

    /// What is answered.
    enum Answer: Sendable {
        case none
        /// A document with its kind.
        case document(String, any (Decodable & Sendable).Type, Naming)
        /// JSON without a kind, as it was agreed elsewhere.
        case json(any (Decodable & Sendable).Type)
        /// A text of this type of content.
        case text(String)
        /// JSON that has no shape of its own.
        case free
    }

    public let method: Method
    /// As `/api/v1/people/{person}`.
    public let template: String
    public let summary: String
    public let tag: String
    public let role: Role
    /// The scope of a token that suffices.
    public let scope: TokenScope
    let parameters: [ParameterDeclaration]
    let body: Body
    let success: Int
    let answer: Answer
    /// Statuses besides those that follow from the declaration.
    let refusals: [Int]
    let act: @Sendable (Call) throws -> Reply
    private(set) var pace = Pace.quick

    let segments: [Segment]

    enum Segment: Sendable, Equatable {
        case word(String)
        case parameter(String)
    }

    /// Names the route in the document and in tests.
    public var name: String { "\(method.rawValue) \(template)" }

    var lasting: Route { paced(.lasting) }
    var thorough: Route { paced(.thorough) }

    private func paced(_ pace: Pace) -> Route {
        var route = self
        route.pace = pace
        return route
    }

    static func segments(of template: String) -> [Segment] {
        template.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .word(String(part))
        }
    }
}

/// A body in JSON. Its fields are found out from the type, and `notes` says what the type cannot.
protocol WebBody: Decodable, Sendable {
    static var notes: [String: FieldNote] { get }
    static var naming: Naming { get }
}

extension WebBody {
    static var notes: [String: FieldNote] { [:] }
    static var naming: Naming { .snakeCase }
}

/// What is to be known of a field of a body.
struct FieldNote: Sendable {
    let summary: String
    var range: ClosedRange<Int64>?
    var most: Int?
    /// An empty text is none.
    var isFilled = false
    /// The thing whose id it is; whoever asks must have it.
    var identifies: IdentifyRequest.Kind?

    init(
        _ summary: String, in range: ClosedRange<Int64>? = nil, most: Int? = nil, isFilled: Bool = false,
        identifies: IdentifyRequest.Kind? = nil
    ) {
        self.summary = summary
        self.range = range
        self.most = most
        self.isFilled = isFilled
        self.identifies = identifies
    }
}

/// A visit whose route was found, with what was said in it.
struct Call: Sendable {
    let visit: Visit
    /// Nobody is only let in where anybody is.
    let caller: Caller?
    let path: [String: String]
    let means: WebMeans
    /// The body, read and held against its schema.
    var json: JSONValue?

    /// In whose name requests are made. It comes from who asks, and from nothing else that was sent.
    var user: String { caller?.user ?? "" }

    subscript<Value>(parameter: Parameter<Value>) -> Value {
        get throws { try parameter.read(text(parameter.declaration)) }
    }

    func text(_ declaration: ParameterDeclaration) -> String? {
        switch declaration.place {
        case .path: path[declaration.name]
        case .query: visit.queryValues(declaration.name).first
        }
    }

    func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer { try means.asker.ask(request) }

    /// For what a member may do with what is theirs, and an administrator with everybody's.
    func requireAdmin() throws {
        guard let caller, caller.isAdmin else {
            throw Refusal(.badRequest, "this takes an administrator", code: "forbidden")
        }
    }

    func body<Body: WebBody>(_ type: Body.Type) throws -> Body {
        let decoder = JSONDecoder()
        if case .snakeCase = Body.naming { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        do {
            return try decoder.decode(type, from: Data(visit.body.isEmpty ? Array("{}".utf8) : visit.body))
        } catch is DecodingError {
            throw Refusal(.badRequest, "the body cannot be read")
        }
    }
}
