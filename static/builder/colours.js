/** Follows the system between light and dark while the page is open; document.html sets the first one before anything is painted. */
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', () => {
  document.documentElement.dataset.bsTheme = dark.matches ? 'dark' : 'light';
});
