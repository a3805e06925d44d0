import Application
import WebServer

extension Route {
    /// What most routes are: a request is made of the call, and its answer is sent as a document.
    init<SomeRequest: Request>(
        _ method: Method, _ template: String, _ summary: String, tag: String, kind: String, role: Role = .member,
        scope: TokenScope? = nil, _ parameters: [ParameterDeclaration] = [], body: Body = .none, success: Int = 200,
        refusals: [Int] = [], naming: Naming = .snakeCase, make: @escaping @Sendable (Call) throws -> SomeRequest
    ) {
        self.init(
            method, template, summary, tag: tag, kind: kind, role: role, scope: scope, parameters, body: body,
            success: success, refusals: refusals, naming: naming
        ) { call in try call.ask(try make(call)) }
    }

    /// As above, where the answer is made of several requests or is not theirs.
    init<Told: Codable & Sendable>(
        _ method: Method, _ template: String, _ summary: String, tag: String, kind: String, role: Role = .member,
        scope: TokenScope? = nil, _ parameters: [ParameterDeclaration] = [], body: Body = .none, success: Int = 200,
        refusals: [Int] = [], naming: Naming = .snakeCase, answering: @escaping @Sendable (Call) throws -> Told
    ) {
        self.init(
            method, template, summary, tag: tag, role: role, scope: scope, parameters, body: body, success: success,
            answer: .document(kind, Told.self, naming), refusals: refusals
        ) { call in try Reply.document(success, kind, answering(call), naming) }
    }

    init(
        _ method: Method, _ template: String, _ summary: String, tag: String, role: Role = .member,
        scope: TokenScope? = nil, _ parameters: [ParameterDeclaration] = [], body: Body = .none, success: Int = 200,
        answer: Answer, refusals: [Int] = [], act: @escaping @Sendable (Call) throws -> Reply
    ) {
        self.method = method
        self.template = template
        self.summary = summary
        self.tag = tag
        self.role = role
        self.scope = scope ?? (role == .admin ? .admin : method.isReading ? .read : .write)
        self.parameters = parameters
        self.body = body
        self.success = success
        self.answer = answer
        self.refusals = refusals
        self.act = act
        segments = Self.segments(of: template)
    }
}

extension Reply {
    static let jsonType = "application/json; charset=utf-8"

    /// An answer as a document that says what it is, as the command line prints it.
    static func document<Answer: Encodable>(
        _ status: Int, _ kind: String, _ answer: Answer, _ naming: Naming = .snakeCase
    ) throws -> Reply {
        try json(status, Document(kind: kind, answer: answer), naming)
    }

    static func json<Answer: Encodable>(_ status: Int, _ answer: Answer, _ naming: Naming = .asWritten) throws -> Reply
    {
        return Reply(
            status, headers: [Visit.Field("Content-Type", jsonType)],
            body: try JSONScribe(naming).bytes(of: answer) + [0x0a])
    }

    static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> Reply {
        Reply(status, headers: [Visit.Field("Content-Type", type)], body: Array(text.utf8))
    }
}

private struct Document<Answer: Encodable>: Encodable {
    let kind: String
    let answer: Answer

    private enum Key: String, CodingKey {
        case kind
        case schemaVersion = "schema_version"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("daybook.\(kind)", forKey: .kind)
        try container.encode(1, forKey: .schemaVersion)
        try answer.encode(to: encoder)
    }
}
