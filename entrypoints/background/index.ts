import { defineBackground } from 'wxt/utils/define-background';
import { createAskWorld } from '../../utils/app/ask-world.ts';
import { createCommands } from '../../utils/app/commands.ts';
import { createData } from '../../utils/store/data.ts';
import { createKeeper, SNAPSHOT_KEY } from '../../utils/store/keeper.ts';
import { createOnPage } from '../../utils/app/on-page.ts';
import { worldLater } from '../../utils/app/later.ts';
import { createMonitor } from '../../utils/app/monitor.ts';
import { createSongs } from '../../utils/app/songs.ts';
import type { Shown } from '../../utils/app/ports.ts';
import type { Notice } from '../../utils/core/notice.ts';
import { usualSongPrice } from '../../utils/core/loss.ts';
import { storefrontCountry } from '../../utils/core/country.ts';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import type { Trigger } from '../../utils/core/round.ts';
import { DEFAULT_SETTINGS, type Language, type Settings } from '../../utils/core/settings.ts';
import { UNSAVED_KEY, type Snapshot } from '../../utils/core/snapshot.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { chooseLanguage } from '../../utils/i18n/choose.ts';
import { loadCatalogue } from '../../utils/i18n/load.ts';
import { translator, type Translate } from '../../utils/i18n/translate.ts';
import { paint } from '../../utils/platform/badge.ts';
import { onMenu, putMenu } from '../../utils/platform/menu.ts';
import { receiveCommands } from '../../utils/platform/messages.ts';
import { createNotifier, onNotification } from '../../utils/platform/notifier.ts';
import { registerPageFailures, takePageFailures, type PageFailure } from '../../utils/platform/page-failures.ts';
import { dropWorld, onPermissionsChanged, WORLD_ORIGIN, hasOrigin } from '../../utils/platform/permissions.ts';
import { openPopup } from '../../utils/platform/popup.ts';
import { createProber, registerProber } from '../../utils/platform/prober.ts';
import { browserLanguages, onLifecycle, onOnline, urlOf } from '../../utils/platform/runtime.ts';
import { turn } from '../../utils/platform/turn.ts';
import { isFirefox } from '../../utils/platform/engine.ts';
import { ensureAlarm, onAlarm, setAlarm } from '../../utils/platform/scheduler.ts';
import { inject, watchPages } from '../../utils/platform/scripting.ts';
import { clearSession, readSession, writeSession } from '../../utils/platform/session.ts';
import { createStorage, onSettingsChanged, readSettings, storedKeys, writeSettings } from '../../utils/platform/storage.ts';
import { isActive, openExtensionPage, openUrl, reloadTab, stillFails, storeTabs } from '../../utils/platform/tabs.ts';
import { createSources } from '../../utils/sources/sources.ts';
import { createReminders } from '../../utils/store/reminders.ts';
import { ownOf, settingsInForce } from '../../utils/store/managed.ts';
import { soundSettings } from '../../utils/store/settings.ts';
import { decodeState } from '../../utils/store/state.ts';
import { bannerView } from '../../utils/view/banner.ts';
import { elsewhereOf } from '../../utils/view/elsewhere.ts';
import { noticeWords, pageNoticeWords } from '../../utils/view/notice-words.ts';
import { createRehearsal } from '../../utils/rehearsal/rehearsal.ts';
import { badgeOf } from './face.ts';
import { loadScenario, rehearsed } from './stage.ts';

/** When a check that was cut off, or could not be stored, is made anew: a whole one lasts 40 s at most, its second look included. */
const GUARD_MS = 60_000;

/** Everything is put together here, and nothing is decided here. Listeners first, all of them synchronously: a background that is woken by an event must already listen. */
export default defineBackground({
  type: 'module',
  main() {
    registerProber();

    const clock = { now: () => Date.now(), wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };
    const storage = createStorage();
    const reminders = createReminders(storage);
    const notifier = createNotifier();
    const probe = createProber();
    const utcOffset = (at: number) => -new Date(at).getTimezoneOffset();

    let inForce = settingsInForce({ own: undefined, managed: undefined });
    let settings: Settings = inForce.settings;
    let chosen = false;
    let language: Language = 'en';
    let words: Translate | null = null;

    const sources = createSources({
      fetch: (url, init) => fetch(url, init),
      probe,
      clock,
      storage,
      targets: TARGETS,
      language: async () => language,
      worldAllowed: async () => {
        await ready;
        return settings.secondOpinion.world !== 'off';
      },
      worldPermitted: () => hasOrigin(WORLD_ORIGIN),
      nonce: () => clock.now().toString(36),
    });
    const keeper = createKeeper({
      storage,
      targets: TARGETS,
      language: () => language,
      utcOffset,
      rehearsal: null,
      seen: () => !rehearsal.playing(),
      committed: (snapshot) => void show(snapshot),
      decode: decodeState,
      spare: { read: () => readSession(UNSAVED_KEY), write: (unsaved) => writeSession({ [UNSAVED_KEY]: unsaved }) },
    });
    const onPage = createOnPage({
      clock,
      storage,
      view: async (snapshot, before) => {
        if (words === null) return undefined;
        if (snapshot.rehearsal !== null && rehearsal.dismissed()) return null;
        const state = await keeper.load(clock.now());
        return !state.ok ? undefined : bannerView({ snapshot, wanted: settings.banner, dismissed: state.value.dismissed, before }, words, elsewhereOf(settings, snapshot.storefrontCountry), clock.now());
      },
      watchPages,
      storeTabs: async () => (await storeTabs()).map(({ id }) => id),
      inject: (tabId) => inject(tabId, 'preact.js', 'song.js', 'banner-ui.js'),
      lookAgain: (tabId) => inject(tabId, 'banner.js'),
      check: () => tick('page'),
      readSession,
      writeSession,
      settings: () => settings,
      isActive,
      openPopup,
      notify: notifier.show,
      pageNotice: (snapshot) => (words === null ? null : pageNoticeWords(snapshot, words, clock.now())),
      stillFails,
      reload: reloadTab,
    });
    const monitor = createMonitor({
      clock,
      random: Math.random,
      probe,
      sources: { ...sources, world: worldLater(sources.world, clock) },
      keeper,
      tell,
      settings: () => settings,
      country: () => storefrontCountry(settings.storefront, browserLanguages()),
      utcOffset,
      targets: TARGETS,
      pageFailures: takePageFailures,
      contacts: sources.contacts,
      refusedSettings: () => inForce.flaws,
      progress: (progress) => void writeSession({ progress }),
    });

    /** The real state, as the monitor knew it last: while an outage is played it is not seen. */
    let real: Snapshot | null = null;
    const rehearsal = createRehearsal({
      clock,
      settle: turn,
      engine: isFirefox() ? 'firefox' : 'chromium',
      targets: TARGETS,
      settings: () => settings,
      country: () => storefrontCountry(settings.storefront, browserLanguages()),
      language: () => language,
      utcOffset,
      load: loadScenario,
      title: (key) => words?.(key) ?? key,
      show: seeAndShow,
      tell: async (notice) => (words === null ? flaw('language', 'not loaded') : notifier.show(rehearsed(noticeWords(notice, words, clock.now(), null), words))),
      restore: async () => {
        if (real !== null) await seeAndShow(real);
        await repaint();
      },
    });

    async function seeAndShow(snapshot: Snapshot): Promise<void> {
      await storage.write({ [SNAPSHOT_KEY]: snapshot });
      await show(snapshot);
    }

    /** Settings and language, read once when the background wakes and again when they change. */
    let ready = prepare();
    async function prepare(): Promise<void> {
      const stored = await readSettings();
      chosen = stored.own !== undefined;
      inForce = settingsInForce(stored);
      ({ settings } = inForce);
      language = chooseLanguage(settings.language, browserLanguages());
      // Without words nothing would be told at all: in a language that there are no sentences in, English is spoken.
      for (const spoken of [language, 'en'] as const) {
        const loaded = await loadCatalogue(spoken, urlOf);
        if (!loaded.ok) continue;
        words = translator(loaded.value, spoken);
        break;
      }
    }

    /** Stores the user's settings; what his organisation decided is not his, and stays as he had it. */
    async function save(wanted: Settings): Promise<Outcome<void>> {
      await ready;
      return writeSettings(ownOf(wanted, inForce));
    }

    /** Badge, title and banner follow from the snapshot; the badge is painted again at every start, since browsers forget it. */
    async function show(snapshot: Snapshot): Promise<void> {
      if (snapshot.rehearsal === null) real = snapshot;
      if (snapshot.rehearsal === null && rehearsal.playing()) return;
      // Pages first: whoever waits for what a check has brought finds it there.
      const shown = onPage.show(snapshot);
      if (words !== null) await paint(badgeOf(snapshot, words, clock.now()));
      await shown;
    }

    async function tell(notice: Notice): Promise<Outcome<Shown>> {
      if (words === null) return flaw('language', 'not loaded');
      const song = await songs.offeredWith(notice);
      return notifier.show(noticeWords(notice, words, clock.now(), song?.title ?? null));
    }

    async function tick(trigger: Trigger): Promise<Outcome<unknown>> {
      await ready;
      // Should it die before the end, or should its outcome not be stored, it does not sleep through a whole interval.
      await setAlarm(clock.now() + GUARD_MS, settings.interval);
      const done = await monitor.tick(trigger);
      if (done.ok) await setAlarm(done.value.nextAt, settings.interval);
      return done;
    }

    async function repaint(): Promise<void> {
      await ready;
      const refreshed = await monitor.change((state) => state);
      if (refreshed.ok) await show(refreshed.value);
    }

    const world = createAskWorld({
      clock,
      storage,
      keeper,
      monitor,
      world: sources.world,
      settings: () => settings,
      chosen: () => chosen,
      saveSettings: async (wanted) => {
        const saved = await save(wanted);
        if (saved.ok) await (ready = prepare());
        return saved;
      },
      targets: TARGETS,
      context: () => ({ country: storefrontCountry(settings.storefront, browserLanguages()), nonce: clock.now().toString(36) }),
      dropPermission: async () => ((await hasOrigin(WORLD_ORIGIN)) ? dropWorld() : false),
      check: () => void tick('recheck'),
    });

    const commands = createCommands({
      monitor,
      tick,
      clock,
      reminders,
      saveSettings: async (given) => {
        const sound = soundSettings(given);
        return sound.ok ? save(sound.value) : sound;
      },
      openUrl,
      openDetails: (incident) => openExtensionPage('incidents.html', incident),
      testNotification: async () => {
        await ready;
        if (words === null) return flaw('language', 'not loaded');
        return notifier.show({ id: 'test', title: words('notice.test'), message: words('notice.test.body'), buttons: [] });
      },
      askWorld: world.ask,
      keepWorldToken: world.keepToken,
      rehearse: async (ask) => {
        await ready;
        if ('scenario' in ask) return rehearsal.start(ask);
        await rehearsal.stop();
        return success(undefined);
      },
      ...createData({ storage, clock, settings: () => inForce.own, saveSettings: save, keys: storedKeys, clearSession, exclusive: monitor.exclusive }),
      checkedAt: async () => {
        const loaded = await keeper.load(clock.now());
        return loaded.ok ? loaded.value.lastRoundAt : null;
      },
    });

    const songs = createSongs({
      clock,
      reminders,
      notifier,
      readSession,
      writeSession,
      keptWords: (song, kept) => words === null ? null : { id: 'kept', title: kept ? words('banner.kept', { title: song.title }) : words('banner.failed'), message: kept ? words('banner.kept.body') : song.title, buttons: [] },
      open: (id) => commands['open-reminder']({ id }),
      openDetails: (incident) => openExtensionPage('incidents.html', incident),
    });

    receiveCommands({
      ...commands,
      dismiss: async (ask) => (rehearsal.dismiss() ? success(null) : commands.dismiss(ask)),
      'page-arrived': async (ask, from) => {
        const checked = await commands['page-arrived'](ask);
        if (from.kind === 'page') await onPage.arrived(from.tabId);
        return checked;
      },
    }, () => ready);
    onAlarm(() => void tick('schedule'));
    onOnline(() => void tick('online'));
    onSettingsChanged(() => {
      ready = prepare();
      void ready.then(world.afterSettings);
      // A shorter interval counts at once.
      void repaint().then(() => tick('schedule'));
      void putWords();
    });
    onPermissionsChanged(() => void tick('user'));
    registerPageFailures((failure: PageFailure) => void onPage.failed(failure), () => void onPage.requestsFail());
    onLifecycle((event) => {
      if (event === 'install') void welcome();
      // They may have changed while the browser was closed. Not with every wake: a permission is granted a moment before what it is for is saved.
      void ready.then(world.afterSettings);
      void tick('start');
      void putWords();
    });
    onMenu((choice) => void ready.then(() => songs.chosen(choice)));
    onNotification((id, button) => void ready.then(() => songs.pressed(id, button)));

    /** The price of a song is a guess for the user's country, made once: after that it is his. */
    async function welcome(): Promise<void> {
      await ready;
      if ((await readSettings()).own === undefined) {
        const price = { ...DEFAULT_SETTINGS.price, ...usualSongPrice(storefrontCountry('auto', browserLanguages())) };
        await writeSettings({ ...DEFAULT_SETTINGS, price });
      }
      await openExtensionPage('welcome.html');
    }

    /** The context menu outlives the background: its words are written when they may have changed. */
    async function putWords(): Promise<void> {
      await ready;
      if (words !== null) await putMenu(words('banner.menu'));
    }

    // A check that a dead background left half done is under way no more.
    void writeSession({ progress: null });
    // Whatever woke the background: the alarm must be there, what is due must be told, and the badge must be painted.
    void ensureAlarm(clock.now(), 5_000, DEFAULT_SETTINGS.interval)
      .then(repaint)
      // Whatever became of the paint: a check that is due is made.
      .finally(() => void tick('schedule'));
    // A run of vantage points that a dead worker left behind is finished.
    void ready.then(sources.resumeWorld).then((opinion) => (opinion === null ? undefined : world.arrived(opinion)));
  },
});
