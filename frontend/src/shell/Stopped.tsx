/** In the place of the whole editor, once it failed: what was drawn is on the server or kept in this tab. */
export function Stopped() {
  return (
    <div className="app">
      <main className="opening opening--alone" role="alert">
        <h1 className="opening__title">The editor came to a stop</h1>
        <p className="quiet">A fault in it, not in your flow, which goes on running. Your edits are kept.</p>
        <div className="line">
          <button type="button" className="btn btn--primary" onClick={() => location.reload()}>
            Reload the page
          </button>
          <a className="btn" href="/">
            All projects
          </a>
        </div>
      </main>
    </div>
  );
}
