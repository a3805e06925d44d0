/// Sends requests and hands back what was answered: what everything that goes out speaks through.
///
/// It blocks until all answers are there; many are on their way at once, and each has an outcome of its own. Whoever
/// must not be held up calls it on an executor of its own.
public protocol Transport: AnyObject {
    /// The outcomes, in the order of the requests.
    func send(_ requests: [Request]) -> [Result<Response, HTTPError>]
}

extension Transport {
    public func send(_ request: Request) throws(HTTPError) -> Response {
        try send([request])[0].get()
    }
}
